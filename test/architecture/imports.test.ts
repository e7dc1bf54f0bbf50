import { describe, expect, it } from 'vitest';
import { mayImport } from './house-plan.ts';
import { cycles, forbiddenRooms, impurities, passedDoors, strayFiles, strayPackages } from './import-rules.ts';
import { factsOf, type ModuleFacts } from './module-facts.ts';
import { readSourceFiles } from './source-file.ts';

const house = readSourceFiles().map(factsOf);

function planted(files: Readonly<Record<string, string>>): ModuleFacts[] {
  return Object.entries(files).map(([path, text]) => factsOf({ path, text }));
}

describe('the house', () => {
  it.each([
    ['has every file in a room of the table', strayFiles],
    ['imports only along the table', forbiddenRooms],
    ['enters rooms by their doors', passedDoors],
    ['has no import cycles', cycles],
    ['keeps packages in the rooms that know them', strayPackages],
    ['lets the world in only where the plan says', impurities],
  ])('%s', (_fact, check) => {
    expect(check(house)).toEqual([]);
  });

  it('is large enough for the checks to mean something', () => {
    expect(house.length).toBeGreaterThan(30);
    expect(house.flatMap(({ imports }) => imports).length).toBeGreaterThan(50);
  });
});

describe('the import table', () => {
  it('has no room that may import itself by way of others', () => {
    const reachable = (room: string, seen = new Set<string>()): Set<string> => {
      for (const next of mayImport[room] ?? []) if (!seen.has(next)) reachable(next, seen.add(next));
      return seen;
    };

    expect(Object.keys(mayImport).filter((room) => reachable(room).has(room))).toEqual([]);
  });
});

describe('strayFiles', () => {
  it('finds a room that nobody planned', () => {
    expect(strayFiles(planted({ 'core/magic/spell.ts': '' }))).toEqual([
      'core/magic/spell.ts: its room is not in the import table',
    ]);
  });
});

describe('forbiddenRooms', () => {
  it('finds an import against the stream', () => {
    const modules = planted({ 'core/definition/parse.ts': "\nimport { plan } from '../plan/index.ts';" });

    expect(forbiddenRooms(modules)).toEqual(['core/definition/parse.ts:2: core/definition may not import core/plan']);
  });

  it('finds types, re-exports and lazy imports as well', () => {
    const modules = planted({
      'core/plan/a.ts': "import type { X } from '../../engine/index.ts';",
      'core/plan/b.ts': "export { x } from '../../engine/index.ts';",
      'core/plan/c.ts': "const x = await import('../../engine/index.ts');",
      'core/plan/d.ts': "let x: import('../../engine/index.ts').X;",
    });

    expect(forbiddenRooms(modules)).toHaveLength(4);
  });

  it('finds an import of a folder that is no room', () => {
    expect(forbiddenRooms(planted({ 'engine/a.ts': "import '../test/makers/plan.ts';" }))).toHaveLength(1);
  });

  it('lets a room import itself and the rooms of its row', () => {
    const modules = planted({ 'core/plan/a.ts': "import './b.ts'; import '../errors/index.ts'; import 'graphology';" });

    expect(forbiddenRooms(modules)).toEqual([]);
  });
});

describe('passedDoors', () => {
  const plan = { 'core/plan/index.ts': '', 'core/plan/graph.ts': '' };

  it('finds an import past a door', () => {
    const modules = planted({ ...plan, 'engine/begin.ts': "import { graph } from '../core/plan/graph.ts';" });

    expect(passedDoors(modules)).toEqual([
      'engine/begin.ts:1: imports core/plan/graph.ts past the door core/plan/index.ts',
    ]);
  });

  it('counts the outermost room of rooms within rooms', () => {
    const modules = planted({
      'local/index.ts': '',
      'local/interpreter/index.ts': '',
      'local/runtime.ts': "import './interpreter/index.ts';",
      'cli/run.ts': "import '../local/interpreter/index.ts';",
    });

    expect(passedDoors(modules)).toEqual([
      'cli/run.ts:1: imports local/interpreter/index.ts past the door local/index.ts',
    ]);
  });

  it('lets a test look inside the room that it mirrors, and no other', () => {
    const modules = planted({
      ...plan,
      'test/core/plan/graph.test.ts': "import '../../../core/plan/graph.ts';",
      'test/engine/begin.test.ts': "import '../../core/plan/graph.ts';",
    });

    expect(passedDoors(modules)).toEqual([
      'test/engine/begin.test.ts:1: imports core/plan/graph.ts past the door core/plan/index.ts',
    ]);
  });
});

describe('cycles', () => {
  it('finds files that import each other, by types too', () => {
    const modules = planted({
      'engine/a.ts': "import './b.ts';",
      'engine/b.ts': "import './c.ts';",
      'engine/c.ts': "import type { A } from './a.ts';",
    });

    expect(cycles(modules)).toEqual(['engine/a.ts → engine/b.ts → engine/c.ts → engine/a.ts']);
  });

  it('finds none in a diamond', () => {
    const modules = planted({
      'engine/a.ts': "import './b.ts'; import './c.ts';",
      'engine/b.ts': "import './d.ts';",
      'engine/c.ts': "import './d.ts';",
      'engine/d.ts': '',
    });

    expect(cycles(modules)).toEqual([]);
  });
});

describe('strayPackages', () => {
  it.each([
    ["import { SFNClient } from '@aws-sdk/client-sfn';", 'engine/begin.ts'],
    ["import { Stack } from 'aws-cdk-lib';", 'adapters/aws/stack.ts'],
    ["import * as sfn from 'aws-cdk-lib/aws-stepfunctions';", 'statemachines/link.ts'],
    ["import { readFileSync } from 'node:fs';", 'core/definition/parse.ts'],
    ["import { Environment } from '@marcbachmann/cel-js';", 'engine/dispatch.ts'],
  ])('finds %s in %s', (text, path) => {
    expect(strayPackages(planted({ [path]: text }))).toHaveLength(1);
  });

  it('lets a room use the package that is its own', () => {
    expect(strayPackages(planted({ 'core/definition/parse.ts': "import { parse } from 'yaml';" }))).toEqual([]);
  });
});

describe('impurities', () => {
  it.each([
    'const now = Date.now();',
    'const now = new Date();',
    'const x = Math.random();',
    "import { randomUUID } from 'node:crypto';",
    'const id = crypto.randomUUID();',
    'setTimeout(wake, 10);',
    'const { HOME } = process.env;',
    'await fetch(url);',
  ])('finds %s', (text) => {
    expect(impurities(planted({ 'core/plan/plan.ts': text }))).toHaveLength(1);
  });

  it('leaves dates that are given, members of the same name, and the rooms of clocks alone', () => {
    const modules = planted({
      'core/plan/plan.ts': 'const day = new Date(time); const s = store.fetch(day); const o = { setTimeout: 1 };',
      'adapters/embedded/system-clock.ts': 'const now = Date.now();',
    });

    expect(impurities(modules)).toEqual([]);
  });
});
