import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAgentCatalogue } from '../../../core/definition/index.ts';

const read = (text: string): ReturnType<typeof parseAgentCatalogue> =>
  parseAgentCatalogue({ name: 'agents.yaml', text, resolveModule: (module) => `/home/${module}` });

describe('parseAgentCatalogue', () => {
  it('gives each type by its name, with what its runtime needs', () => {
    const { catalogue, diagnostics } = read(`
agent_types:
  lint_agent: { runtime: local, module: agents/lint.ts, capabilities: [lint], input: { type: object } }
  remote: { runtime: http, url: "https://example.com/agent", auth: Bearer x, output: { type: array } }
  open: { runtime: http, url: "http://127.0.0.1:8080" }
  person: { runtime: human, roles: [lead] }
`);

    expect(diagnostics).toEqual([]);
    expect([...(catalogue?.values() ?? [])]).toEqual([
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
      { name: 'person', runtime: 'human', capabilities: [] },
    ]);
  });

  it('takes a catalogue without any type', () => {
    expect(read('agent_types: {}').catalogue?.size).toBe(0);
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
