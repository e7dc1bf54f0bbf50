import { describe, expect, it } from 'vitest';
import type { TaskDocument } from '../../simulation/index.ts';
import { aScenario, aTask } from '../makers/small-scenario.ts';
import { checkLinearExtension } from './linear-extension.ts';
import { readScenario } from './reading.ts';

const read = (...tasks: readonly TaskDocument[]) => readScenario(aScenario({ tasks }));

const diamond = (join?: TaskDocument['join']) =>
  read(aTask('a'), aTask('b'), aTask('c', { depends_on: ['a', 'b'], join }));

const order = (...entries: string[]) =>
  entries.map((entry) => {
    const [path, status] = entry.split(' ');
    return { path: path!, status: (status ?? 'succeeded') as 'succeeded' };
  });

describe('checkLinearExtension', () => {
  it('accepts any order in which dependencies come first', () => {
    expect(checkLinearExtension(diamond(), order('a', 'b', 'c'))).toEqual([]);
    expect(checkLinearExtension(diamond(), order('b', 'a', 'c'))).toEqual([]);
  });

  it('names the dependency that came too late, or never', () => {
    expect(checkLinearExtension(diamond(), order('a', 'c', 'b'))).toEqual(['c settled before b']);
    expect(checkLinearExtension(diamond('all_done'), order('c', 'a', 'b'))).toEqual(['c settled before a, b']);
    expect(checkLinearExtension(diamond(), order('a', 'c'))).toEqual(['c settled before b']);
  });

  it('lets a task go ahead on the good news that it needs, and not on less', () => {
    expect(checkLinearExtension(diamond('any_success'), order('a', 'c', 'b'))).toEqual([]);
    expect(checkLinearExtension(diamond('any_success'), order('a failed', 'c', 'b'))).toEqual(['c settled before b']);
    expect(checkLinearExtension(diamond({ quorum: 2 }), order('a', 'c', 'b'))).toEqual(['c settled before b']);
  });

  it('lets one bad dependency decide, and a stop cancel, before the others have settled', () => {
    expect(checkLinearExtension(diamond(), order('a failed', 'c upstream_failed', 'b'))).toEqual([]);
    expect(checkLinearExtension(diamond(), order('c cancelled', 'a', 'b'))).toEqual([]);
    expect(checkLinearExtension(diamond(), order('a', 'c upstream_failed', 'b'))).toEqual(['c settled before b']);
  });

  it('wants a fan-out after its items, and each item after what the fan-out depends on', () => {
    const document = read(aTask('a'), aTask('f', { agent: 'trio', parallel: true, depends_on: ['a'] }));

    expect(checkLinearExtension(document, order('a', 'f[0]', 'f[2]', 'f[1]', 'f'))).toEqual([]);
    expect(checkLinearExtension(document, order('f[0]', 'a', 'f', 'f[1]', 'f[2]'))).toEqual([
      'f[0] settled before a',
      'f settled before f[1]',
      'f settled before f[2]',
    ]);
  });
});
