import { describe, expect, it } from 'vitest';
import {
  badNames,
  busyDoors,
  exportsOfEverything,
  looseRootFiles,
  missingDoors,
  oversizedFiles,
  oversizedFunctions,
  shareOfLongFiles,
  shareOfLongFunctions,
  speechlessDoors,
} from './file-rules.ts';
import { factsOf, type ModuleFacts } from './module-facts.ts';
import { readSourceFiles } from './source-file.ts';

const house = readSourceFiles().map(factsOf);

function planted(path: string, text = ''): ModuleFacts[] {
  return [factsOf({ path, text })];
}

const linesOf = (count: number): string => 'let x;\n'.repeat(count);
const functionOf = (lines: number): string => `function f() {\n${'  f();\n'.repeat(lines - 2)}}\n`;

describe('the house', () => {
  it.each([
    ['has no file past the wall', oversizedFiles],
    ['has no function past the wall', oversizedFunctions],
    ['names files in kebab-case and has no drawers', badNames],
    ['names what it exports', exportsOfEverything],
    ['has a door for each room', missingDoors],
    ['opens each door with a word on what it takes, gives and never does', speechlessDoors],
    ['keeps its doors free of code', busyDoors],
    ['leaves no source file at the root', looseRootFiles],
  ])('%s', (_fact, check) => {
    expect(check(house)).toEqual([]);
  });

  it('keeps to the norms of size, with few exceptions', () => {
    expect(shareOfLongFunctions(house)).toBeLessThan(0.03);
    expect(shareOfLongFiles(house)).toBeLessThan(0.05);
  });
});

describe('oversizedFiles', () => {
  it('stops source files at 400 lines and tests at 600', () => {
    expect(oversizedFiles(planted('engine/a.ts', linesOf(400)))).toEqual([]);
    expect(oversizedFiles(planted('engine/a.ts', linesOf(401)))).toEqual(['engine/a.ts: 401 lines']);
    expect(oversizedFiles(planted('test/engine/a.test.ts', linesOf(600)))).toEqual([]);
    expect(oversizedFiles(planted('test/engine/a.test.ts', linesOf(601)))).toHaveLength(1);
  });
});

describe('oversizedFunctions', () => {
  it('stops functions at 60 lines, wherever they are written', () => {
    expect(oversizedFunctions(planted('engine/a.ts', functionOf(60)))).toEqual([]);
    expect(oversizedFunctions(planted('engine/a.ts', functionOf(61)))).toEqual(['engine/a.ts:1: f has 61 lines']);
    expect(oversizedFunctions(planted('engine/a.ts', `const g = () => {\n${linesOf(60)}};`))).toEqual([
      'engine/a.ts:1: g has 62 lines',
    ]);
    expect(oversizedFunctions(planted('engine/a.ts', `class C {\n  m() {\n${linesOf(60)}}\n}`))).toHaveLength(1);
  });
});

describe('shareOfLongFunctions', () => {
  it('counts functions past 40 lines', () => {
    expect(shareOfLongFunctions(planted('engine/a.ts', functionOf(40) + functionOf(41)))).toBe(0.5);
  });
});

describe('shareOfLongFiles', () => {
  it('counts files past 250 lines', () => {
    const files = [...planted('engine/a.ts', linesOf(250)), ...planted('engine/b.ts', linesOf(251))];

    expect(shareOfLongFiles(files)).toBe(0.5);
  });
});

describe('badNames', () => {
  it.each([
    'engine/beginExecution.ts',
    'engine/Begin.ts',
    'engine/begin_it.ts',
    'core/plan/utils.ts',
    'core/plan/types.ts',
    'test/helpers.ts',
    'engine/common/begin.ts',
  ])('finds %s', (path) => {
    expect(badNames(planted(path))).toHaveLength(1);
  });

  it('takes kebab-case names and tests', () => {
    expect(badNames([...planted('engine/begin-execution.ts'), ...planted('test/engine/begin.test.ts')])).toEqual([]);
  });
});

describe('exportsOfEverything', () => {
  it('finds export * and leaves named exports alone', () => {
    expect(exportsOfEverything(planted('engine/index.ts', "\nexport * from './begin.ts';"))).toEqual([
      'engine/index.ts:2: export * hides what is given',
    ]);
    expect(exportsOfEverything(planted('engine/index.ts', "export * as begin from './begin.ts';"))).toEqual([]);
  });
});

describe('missingDoors', () => {
  it('finds a room without an index.ts', () => {
    expect(missingDoors(planted('core/plan/plan.ts'))).toEqual(['core/plan: no index.ts']);
    expect(missingDoors(planted('core/plan/index.ts'))).toEqual([]);
  });
});

describe('speechlessDoors', () => {
  it('wants one to six comment lines', () => {
    const door = (comments: number): string => `${'// Takes.\n'.repeat(comments)}export { a } from './a.ts';\n`;

    expect(speechlessDoors(planted('engine/index.ts', door(0)))).toHaveLength(1);
    expect(speechlessDoors(planted('engine/index.ts', door(6)))).toEqual([]);
    expect(speechlessDoors(planted('engine/index.ts', door(7)))).toHaveLength(1);
  });
});

describe('busyDoors', () => {
  it('finds code and the exports of other rooms', () => {
    expect(busyDoors(planted('engine/index.ts', 'export function begin() {}'))).toHaveLength(1);
    expect(busyDoors(planted('engine/index.ts', "export { plan } from '../core/plan/index.ts';"))).toHaveLength(1);
    expect(busyDoors(planted('engine/index.ts', "export { z } from 'zod';"))).toHaveLength(1);
    expect(busyDoors(planted('engine/index.ts', "export { begin } from './begin.ts';"))).toEqual([]);
  });
});

describe('looseRootFiles', () => {
  it('finds a source file at the root that is no configuration', () => {
    expect(looseRootFiles([...planted('main.ts'), ...planted('vitest.config.ts')])).toEqual(['main.ts']);
  });
});
