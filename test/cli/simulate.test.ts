import { describe, expect, it } from 'vitest';
import { openShell } from '../makers/shell.ts';

const workflow = {
  workflow: {
    name: 'pair',
    version: '1',
    agents: { worker: { type: 'worker' } },
    tasks: [
      {
        id: 'first',
        agent: 'worker',
        output: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } },
      },
      { id: 'second', agent: 'worker', depends_on: ['first'], input: { n: '${ tasks.first.output.n }' } },
    ],
  },
};
const agents = { agent_types: { worker: { runtime: 'local', module: './worker.mjs' } } };

function open() {
  let time = 0;
  const shell = openShell({ now: () => (time += 1_000) });
  shell.write({ 'pair.yaml': JSON.stringify(workflow), 'agents.yaml': JSON.stringify(agents) });
  return shell;
}

describe('skein simulate', () => {
  it('plays an author’s workflow by stand-ins and says what it came to', async () => {
    using shell = open();

    const { exitCode, out, err } = await shell.skein('simulate', 'pair.yaml', '--runs', '20');

    expect(err).toBe('');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^20 runs in .* of simulated time/);
    expect(out).toMatch(/\d+ succeeded/);
    expect(out).toMatch(/^faults: .*message lost \d+/m);
    expect(out).toContain('every promise holds');
  });

  it('plays another random workflow with each seed, and the same one with the same', async () => {
    using shell = open();
    const json = async (...args: readonly string[]): Promise<unknown> =>
      JSON.parse((await shell.skein('simulate', '--json', ...args)).out);

    const first = await json('--seed', '11', '--runs', '3');

    expect(first).toMatchObject({ runs: 3, failures: [] });
    expect(await json('--seed', '12', '--runs', '3')).not.toEqual(first);
    expect({ ...((await json('--seed', '11', '--runs', '3')) as object), milliseconds: 0 }).toEqual({
      ...(first as object),
      milliseconds: 0,
    });
  });

  it('refuses a workflow with an error, and a seed that is none', async () => {
    using shell = open();
    shell.write({
      'bad.yaml': JSON.stringify({ workflow: { ...workflow.workflow, tasks: [{ id: 'a', agent: 'nobody' }] } }),
    });

    expect((await shell.skein('simulate', 'bad.yaml')).exitCode).toBe(1);
    expect((await shell.skein('simulate', '--seed', 'x')).exitCode).toBe(2);
  });
});
