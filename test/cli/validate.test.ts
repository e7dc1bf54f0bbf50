import { describe, expect, it } from 'vitest';
import { sarifSchema } from '../makers/sarif-schema.ts';
import { openShell } from '../makers/shell.ts';

const agents = 'agent_types: { any: { runtime: http, url: "http://127.0.0.1:1/" } }';

function workflowOf(task: string): string {
  return `workflow:
  name: tiny
  version: "1"
  timeout: 60
  agents: { one: { type: any } }
  tasks:
    - ${task}
`;
}

describe('skein validate', () => {
  it('is content with advice, and gives it', async () => {
    using shell = openShell();
    shell.write({ 'workflow.yaml': workflowOf('{ id: a, agent: one, timeout: 5 }'), 'agents.yaml': agents });

    const { exitCode, out } = await shell.skein('validate', 'workflow.yaml');

    expect(exitCode).toBe(0);
    expect(out).toContain('advice LINT901');
    expect(out).toContain('\n1 piece of advice\nvalid workflow.yaml, 1 task\n');
  });

  it('prints every finding with file, code, place and title with --json', async () => {
    using shell = openShell();
    shell.write({ 'flows/w.yaml': workflowOf('{ id: a, agent: two, timeout: 5 }'), 'types.yaml': agents });

    const { exitCode, out } = await shell.skein('validate', 'flows/w.yaml', '--agents', 'types.yaml', '--json');

    expect(exitCode).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      valid: false,
      diagnostics: expect.arrayContaining([
        expect.objectContaining({
          file: 'flows/w.yaml',
          code: 'VAL206',
          severity: 'error',
          range: expect.anything() as unknown,
        }),
      ]) as unknown,
    });
  });

  it('prints the same findings as SARIF, of the definition and of the catalogue', async () => {
    using shell = openShell();
    shell.write({
      'flows/w.yaml': workflowOf('{ id: a, agnet: one, timeout: 5 }'),
      'flows/agents.yaml': 'agent_types: { any: { runtime: htp } }',
    });
    const isSarif = sarifSchema();

    const sarif = await shell.skein('validate', 'flows/w.yaml', '--format', 'sarif');
    const json = await shell.skein('validate', 'flows/w.yaml', '--format', 'json');

    const log = JSON.parse(sarif.out) as { runs: [{ results: { ruleId: string }[] }] };
    const { diagnostics } = JSON.parse(json.out) as { diagnostics: { code: string }[] };
    expect(sarif).toMatchObject({ exitCode: 1, err: '' });
    expect(isSarif(log), JSON.stringify(isSarif.errors)).toBe(true);
    expect(diagnostics).not.toEqual([]);
    expect(log.runs[0].results.map(({ ruleId }) => ruleId)).toEqual(diagnostics.map(({ code }) => code));
  });

  it('colours its findings on a terminal', async () => {
    using shell = openShell({ isTerminal: true });
    shell.write({ 'workflow.yaml': workflowOf('{ id: a, agent: two, timeout: 5 }'), 'agents.yaml': agents });

    const { out } = await shell.skein('validate', 'workflow.yaml');

    expect(out).toContain('\u001b[31merror VAL206\u001b[39m');
  });
});
