import { describe, expect, it } from 'vitest';
import { parseDefinition } from '../../../core/definition/index.ts';
import type { Diagnostic } from '../../../core/diagnostics/index.ts';

const definitionWith = (keys: string): string => `workflow: { name: w, version: "1", tasks: [{ id: a }], ${keys} }`;
const definitionOfTask = (keys: string): string => `workflow: { name: w, version: "1", tasks: [{ id: a, ${keys} }] }`;

const findingsOn = (text: string): readonly Diagnostic[] => parseDefinition({ name: 'a.yaml', text }).diagnostics;

/** Code, message and hint of each finding, and the text that is marked. */
const saidOf = (text: string): string[] =>
  findingsOn(text).map(({ code, message, hint, range }) => {
    const marked = range && text.split('\n')[range.line - 1]?.slice(range.column - 1, range.endColumn - 1);
    return `${code} ${message}${hint === undefined ? '' : ` (${hint})`}${marked === undefined ? '' : ` → ${marked}`}`;
  });

describe('findings on the shape of a definition', () => {
  it.each([
    ['null', ['DEF112 The document must be a mapping, not nothing. → null']],
    ['[]', ['DEF112 The document must be a mapping, not a list. → []']],
    [
      'a: 1',
      ['DEF113 The document needs the key `workflow`.', 'DEF111 The key `a` is unknown. (known here: workflow) → a'],
    ],
    ['workflow:', ['DEF112 `workflow` must be a mapping, not nothing. → workflow']],
    [
      'workflow: { name: w }',
      [
        'DEF113 `workflow` needs the key `tasks`. → { name: w }',
        'DEF113 `workflow` needs the key `version`. → { name: w }',
      ],
    ],
    ['workflow: { name: w, version: "1", tasks: [] }', ['DEF114 `tasks` needs at least one task. → []']],
    [
      'workflow: { name: w, version: 1.0, tasks: [x] }',
      [
        'DEF112 `version` must be a text, not a number. (put it in quotes) → 1.0',
        'DEF112 `tasks[0]` must be a mapping, not a text. → x',
      ],
    ],
  ])('of %s', (text, said) => {
    expect(saidOf(text)).toEqual(said);
  });

  it.each([
    ['nmae: x', 'DEF111 The key `nmae` is unknown. (did you mean `name`?) → nmae'],
    ['zzzzzz: x', 'DEF111 The key `zzzzzz` is unknown. → zzzzzz'],
    [
      'budget: { zzzzzz: 1 }',
      'DEF111 The key `zzzzzz` is unknown. (known here: usd, tokens, calls, wall_time, depth, on_exceeded) → zzzzzz',
    ],
    ['description: 1.5', 'DEF112 `description` must be a text, not a fraction. (put it in quotes) → 1.5'],
    ['description: true', 'DEF112 `description` must be a text, not true or false. → true'],
    ['description: {}', 'DEF112 `description` must be a text, not a mapping. → {}'],
    [
      'exponential_backoff: yes',
      'DEF112 `exponential_backoff` must be true or false, not a text. (write true or false, without quotes) → yes',
    ],
    ['exponential_backoff: 1', 'DEF112 `exponential_backoff` must be true or false, not a number. → 1'],
    ['max_retries: "3"', 'DEF112 `max_retries` must be a number, not a text. (write it without quotes) → "3"'],
    ['max_retries: 1.5', 'DEF112 `max_retries` must be a whole number, not a fraction. → 1.5'],
    ['max_retries: []', 'DEF112 `max_retries` must be a number, not a list. → []'],
    ['max_retries: -1', 'DEF114 `max_retries` must be at least 0. → -1'],
    ['budget: { usd: 0 }', 'DEF114 `usd` must be more than 0. → 0'],
    ['tags: a', 'DEF112 `tags` must be a list, not a text. (write it as a list: [a]) → a'],
    ['tags: 1', 'DEF112 `tags` must be a list, not a number. → 1'],
    ['tags: [""]', 'DEF114 `tags[0]` must not be empty. → ""'],
    [
      'on_skip: satisfied',
      'DEF114 `on_skip` must be one of `satisfies`, `propagates`. (did you mean `satisfies`?) → satisfied',
    ],
    ['on_skip: 1', 'DEF114 `on_skip` must be one of `satisfies`, `propagates`. → 1'],
    ['timeout: true', 'DEF112 `timeout` must be a number or a text, not true or false. → true'],
    [
      'timeout: x',
      'DEF114 `timeout` must be a number of seconds or a text like `1h30m` (units d, h, m, s, ms), a year at most. → x',
    ],
    ['timeout: 0', 'DEF114 `timeout` must be longer than 0. → 0'],
    [
      'agents: { "1": { type: x } }',
      'DEF114 `1` must start with a letter and hold only letters, digits, `-` and `_`, 63 characters at most. → "1"',
    ],
    ['agents: []', 'DEF112 `agents` must be a mapping, not a list. → []'],
    ['agents: { a: {} }', 'DEF113 `workflow.agents.a` needs the key `type`. → {}'],
    [
      'agents: { a: { type: x, resources: { cpu: x } } }',
      'DEF114 `cpu` must be a number, or a text like `2 cores`. → x',
    ],
    [
      'agents: { a: { type: x, resources: { memory: 4 } } }',
      'DEF112 `memory` must be a text, not a number. (put it in quotes) → 4',
    ],
    ['webhooks: [{ url: x }]', 'DEF114 `url` must be a URL of http or https. → x'],
  ])('of a workflow with %s', (keys, said) => {
    expect(saidOf(definitionWith(keys))).toEqual([said]);
  });

  it.each([
    ['depends_on: b', ['DEF112 `depends_on` must be a list, not a text. (write it as a list: [b]) → b']],
    ['depends_on: [1]', ['DEF112 `depends_on[0]` must be a text or a mapping, not a number. → 1']],
    [
      'depends_on: [{ tsk: b }]',
      [
        'DEF113 `workflow.tasks[0].depends_on[0]` needs the key `task`. → { tsk: b }',
        'DEF111 The key `tsk` is unknown. (did you mean `task`?) → tsk',
      ],
    ],
    [
      'depends_on: [{ task: b, on: sucess }]',
      ['DEF114 `on` must be one of `success`, `failure`, `skipped`, `done`. (did you mean `success`?) → sucess'],
    ],
    ['depends_on: [{ task: b, on: 1 }]', ['DEF114 `on` must be one of `success`, `failure`, `skipped`, `done`. → 1']],
    [
      'join: all_succes',
      [
        'DEF114 `join` must be one of `all_success`, `all_done`, `any_success`, `none_failed`. (did you mean `all_success`?) → all_succes',
      ],
    ],
    ['join: { quorum: 0 }', ['DEF114 `quorum` must be at least 1. → 0']],
    ['join: {}', ['DEF113 `workflow.tasks[0].join` needs the key `quorum`. → {}']],
    ['join: 1', ['DEF112 `join` must be a text or a mapping, not a number. → 1']],
    ['cache: { ttl: [] }', ['DEF112 `ttl` must be a number or a text, not a list. → []']],
    ['priority: 10', ['DEF114 `priority` must be at most 9. → 10']],
    ['for_each: { items: 1 }', ['DEF112 `items` must be a text or a list, not a number. → 1']],
    [
      'for_each: { items: [], tolerate_failures: 5.5 }',
      ['DEF112 `tolerate_failures` must be a whole number or a text, not a fraction. → 5.5'],
    ],
    [
      'for_each: { items: [], tolerate_failures: "5" }',
      ['DEF114 `tolerate_failures` must be a number of items, or a share like `5%`. → "5"'],
    ],
    ['loop: { max_iterations: 1, tasks: [] }', ['DEF114 `tasks` must not be empty. → []']],
    ['loop: { max_iterations: 1, tasks: [{}] }', ['DEF113 `workflow.tasks[0].loop.tasks[0]` needs the key `id`. → {}']],
  ])('of a task with %s', (keys, said) => {
    expect(saidOf(definitionOfTask(keys))).toEqual(said);
  });

  it('writes down where a finding stands, with quotes around keys that need them', () => {
    const paths = (keys: string): string[] => findingsOn(definitionWith(keys)).map(({ path }) => path);

    expect(paths('tags: ["", ""]')).toEqual(['workflow.tags[0]', 'workflow.tags[1]']);
    expect(paths('"a b": 1, "1": 2, a-b: 3')).toEqual(['workflow["a b"]', 'workflow["1"]', 'workflow.a-b']);
    expect(paths(`${'k'.repeat(100)}: 1`)).toEqual([`workflow.${'k'.repeat(100)}`]);
    expect(paths(`${'k'.repeat(101)}: 1`)).toEqual([`workflow["${'k'.repeat(100)}…"]`]);
  });

  it('shows 200 findings of a kind, and says that there are more', () => {
    const unknown = (count: number): readonly Diagnostic[] =>
      findingsOn(definitionWith(Array.from({ length: count }, (_, n) => `zzzzzz${n}: 1`).join(', ')));

    expect(unknown(200).map(({ code }) => code)).toEqual(Array.from({ length: 200 }, () => 'DEF111'));
    expect(unknown(201)).toHaveLength(201);
    expect(unknown(201)[0]).toEqual({
      code: 'DEF199',
      severity: 'warning',
      message: 'There are more findings like DEF111; 200 are shown.',
      path: '',
    });
  });

  it('shows of a long message 4,000 characters', () => {
    const message = (length: number): string | undefined => findingsOn(`? ${'k'.repeat(length)}\n: 1`)[1]?.message;
    const around = 'The key `` is unknown.'.length;

    expect(message(4_000 - around)).toMatch(/k` is unknown\.$/);
    expect(message(4_001 - around)).toMatch(/k` is unknown…$/);
  });
});
