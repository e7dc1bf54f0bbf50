import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAgentCatalogue } from '../../../core/definition/index.ts';

const read = (text: string): ReturnType<typeof parseAgentCatalogue> =>
  parseAgentCatalogue({ name: 'agents.yaml', text, resolveModule: (module) => `/home/${module}` });

describe('parseAgentCatalogue', () => {
  it('takes what a call costs at most, and nothing below zero', () => {
    const cost = (text: string) => read(`agent_types: { m: { runtime: local, module: m.ts, cost: ${text} } }`);

    expect(cost('{ usd: 0.02, tokens: 4000 }').catalogue?.get('m')).toMatchObject({
      cost: { usd: 0.02, tokens: 4000 },
    });
    expect(cost('{ usd: -1 }').catalogue).toBeUndefined();
    expect(cost('{ tokens: 1.5 }').catalogue).toBeUndefined();
  });

  it('gives each type by its name, with what its runtime needs', () => {
    const { catalogue, diagnostics } = read(`
agent_types:
  lint_agent: { runtime: local, module: agents/lint.ts, capabilities: [lint], input: { type: object } }
  remote: { runtime: http, url: "https://example.com/agent", auth: Bearer x, output: { type: array } }
  open: { runtime: http, url: "http://127.0.0.1:8080" }
  person: { runtime: human, roles: [lead], assignees: [ann] }
`);

    expect(diagnostics).toEqual([]);
    expect([...(catalogue?.values() ?? [])]).toStrictEqual([
      {
        name: 'lint_agent',
        runtime: 'local',
        module: '/home/agents/lint.ts',
        capabilities: ['lint'],
        input: { type: 'object' },
      },
      {
        name: 'remote',
        runtime: 'http',
        url: 'https://example.com/agent',
        auth: 'Bearer x',
        capabilities: [],
        output: { type: 'array' },
      },
      { name: 'open', runtime: 'http', url: 'http://127.0.0.1:8080', capabilities: [] },
      { name: 'person', runtime: 'human', capabilities: [], roles: ['lead'], assignees: ['ann'] },
    ]);
  });

  it('takes a catalogue without any type', () => {
    expect(read('agent_types: {}').catalogue?.size).toBe(0);
  });

  it('leaves out what only another runtime would need', () => {
    const text = `agent_types:
  a: { runtime: lambda, function: f }
  c: { runtime: lambda, function: 'arn:aws:lambda:::f', role_arn: 'arn:aws:iam::1:role/r' }
  b: { runtime: ecs, task_definition: t }`;

    expect([...(read(text).catalogue?.values() ?? [])]).toEqual([
      { name: 'a', runtime: 'lambda', functionArn: 'f', capabilities: [] },
      {
        name: 'c',
        runtime: 'lambda',
        functionArn: 'arn:aws:lambda:::f',
        roleArn: 'arn:aws:iam::1:role/r',
        capabilities: [],
      },
      { name: 'b', runtime: 'ecs', capabilities: [] },
    ]);
  });

  it.each([
    ['', ['DEF105 The text is empty.']],
    [
      'a: 1',
      ['DEF113 The document needs the key `agent_types`.', 'DEF111 The key `a` is unknown. (known here: agent_types)'],
    ],
    [
      'agent_types: { a: { runtime: lambda, function: f }, a: { runtime: human } }',
      ['DEF107 The key `a` stands here twice.'],
    ],
    ['agent_types: { a: {} }', ['DEF113 `agent_types.a` needs the key `runtime`.']],
    ['agent_types: { a: 1 }', ['DEF112 `a` must be a mapping, not a number.']],
    [
      'agent_types: { a: { runtime: local, url: x } }',
      [
        'DEF113 `agent_types.a` needs the key `module`.',
        'DEF111 The key `url` is unknown. (known here: runtime, capabilities, input, output, cost, module)',
      ],
    ],
  ])('finds in %j what is wrong', (text, said) => {
    const { catalogue, diagnostics } = read(text);

    expect(catalogue).toBeUndefined();
    expect(diagnostics.map(({ code, message, hint }) => `${code} ${message}${hint ? ` (${hint})` : ''}`)).toEqual(said);
  });

  it('offers the runtime that was meant', () => {
    const [finding] = read('agent_types: { a: { runtime: lcoal } }').diagnostics;

    expect(finding).toMatchObject({ code: 'DEF114', path: 'agent_types.a.runtime', hint: 'did you mean `local`?' });
    expect(finding?.message).toMatch(/^`runtime` must be one of `local`, `http`, /);
  });

  it('checks the schemas of inputs and outputs', () => {
    const { diagnostics } = read(`agent_types:
  a: { runtime: human, output: { type: nope } }
  b: { runtime: local, module: b.ts, input: { type: nope } }
  c: { runtime: local, module: c.ts, output: { type: nope } }
  d: { runtime: local, module: d.ts, output: { type: object } }
`);

    expect(diagnostics.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'VAL216 agent_types.a.output',
      'VAL216 agent_types.b.input',
      'VAL216 agent_types.c.output',
    ]);
  });

  it('answers any text with a catalogue or with reasons', () => {
    const words = [
      'agent_types',
      ':',
      ' ',
      '\n',
      '  ',
      'a',
      'runtime',
      'local',
      'module',
      '{',
      '}',
      '[',
      ']',
      ',',
      '"',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words)), (parts) => {
        const { catalogue, diagnostics } = read(parts.join(''));

        expect(catalogue === undefined).toBe(diagnostics.length > 0);
      }),
    );
  });
});
