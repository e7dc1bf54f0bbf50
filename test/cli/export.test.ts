import { describe, expect, it } from 'vitest';
import { openShell, type Shell } from '../makers/shell.ts';

async function openHello(): Promise<Shell> {
  const shell = openShell();
  await shell.skein('init');
  return shell;
}

describe('skein export', () => {
  it('writes the machine as ASL', async () => {
    using shell = await openHello();

    const { exitCode, out } = await shell.skein('export', 'asl', 'workflow.yaml');

    const machine = JSON.parse(out) as { QueryLanguage: string; States: object };
    expect(exitCode).toBe(0);
    expect(machine.QueryLanguage).toBe('JSONata');
    expect(JSON.stringify(machine.States)).toContain('"morning"');
  });

  it('writes the graph for Mermaid', async () => {
    using shell = await openHello();

    const { out } = await shell.skein('export', 'mermaid', 'workflow.yaml');

    expect(out.split('\n')).toEqual([
      'flowchart LR',
      '  t0["morning"]',
      '  t1["evening"]',
      '  t2["write"]',
      '  t0 --> t2',
      '  t1 --> t2',
      '',
    ]);
  });

  it("writes the language's schema without a file", async () => {
    using shell = openShell();

    const { exitCode, out } = await shell.skein('export', 'jsonschema');

    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ type: 'object', required: ['workflow'] });
  });

  it('puts the text into a JSON object with --json', async () => {
    using shell = await openHello();

    const { out } = await shell.skein('export', 'mermaid', 'workflow.yaml', '--json');

    expect(JSON.parse(out)).toMatchObject({
      format: 'mermaid',
      text: expect.stringMatching(/^flowchart LR/) as unknown,
    });
  });
});
