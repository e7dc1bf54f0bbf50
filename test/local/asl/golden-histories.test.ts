import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../core/json/index.ts';
import { createStubs, readMachine, runStubbed } from '../../../local/asl/index.ts';
import { aslErrors } from '../../makers/asl-validator.ts';
import { midnight } from '../../makers/event-log.ts';
import { expectGolden, goldenCases, goldenFile } from '../../makers/golden.ts';
import { linesOf } from '../interpreter/history-lines.ts';

function read(name: string, file: string): Json | undefined {
  const path = goldenFile('asl', name, file);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Json) : undefined;
}

describe('a stubbed machine', () => {
  it.each(goldenCases('asl'))('has the history that is written down: %s', async (name) => {
    const document = read(name, 'machine.asl.json')!;
    const machine = readMachine(document);
    if (!('machine' in machine)) throw new Error(JSON.stringify(machine.faults));

    const { history } = await runStubbed({
      ...machine,
      name: 'golden',
      input: read(name, 'input.json') ?? {},
      stubs: createStubs(read(name, 'stubs.json') ?? {}, 'stubs.json'),
      startedAt: midnight,
    });

    expect(aslErrors(document as object)).toEqual([]);
    expectGolden(goldenFile('asl', name, 'history.txt'), linesOf(history));
  });
});
