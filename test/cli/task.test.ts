import { describe, expect, it } from 'vitest';
import { openShell, type Shell } from '../makers/shell.ts';
import { startSkein } from '../makers/skein-process.ts';

const workflow = `workflow:
  name: fragile
  version: "1"
  timeout: 2h
  owner: { contact: a@example.com }
  agents: { flaky: { type: flaky_agent } }
  tasks:
    - id: call
      agent: flaky
      allow_skip: true
      retry_policy: { max_attempts: 3, interval: 3600, max_delay: 3600, jitter: none }
    - { id: after, emit: { event: done }, depends_on: [call] }
`;

const agent = `import { existsSync } from 'node:fs';
export default async () => {
  if (!existsSync(new URL('well', import.meta.url))) throw new Error('the service is down');
  return { ok: true };
};
`;

function openFragile(): Shell {
  const shell = openShell();
  shell.write({
    'workflow.yaml': workflow,
    'agents.yaml': 'agent_types:\n  flaky_agent: { runtime: local, module: ./flaky.mjs }\n',
    'flaky.mjs': agent,
  });
  return shell;
}

/** The id of the execution, once its task waits for its second attempt. */
async function parkedIn(shell: Shell): Promise<string> {
  for (;;) {
    const id = /exec_\w+/.exec((await shell.skein('list')).out)?.[0] ?? '';
    if ((await shell.skein('explain', id)).out.includes('waits to be tried again')) return id;
  }
}

/** Until it listens, the database of a running process is only taken. */
async function whenHeard(shell: Shell, ...args: string[]) {
  for (;;) {
    const answer = await shell.skein(...args);
    if (!answer.err.includes('it listens shortly after its start')) return answer;
  }
}

describe('skein task', () => {
  it('has a running process try again now, and the history says who and why', async () => {
    using shell = openFragile();
    await using running = startSkein(shell.directory, 'run', 'workflow.yaml');
    const id = await parkedIn(shell);
    shell.write({ well: '' });

    const { out } = await whenHeard(shell, 'task', 'retry', id, 'call', '--reason', 'it is up');

    expect(await running.ended).toBe(0);
    expect(out).toMatch(new RegExp(`^tries again call of ${id} as \\S+\n$`));
    expect((await shell.skein('events', id)).out).toMatch(/task\.intervened +call +retry by \S+: it is up/);
    expect((await shell.skein('verify-history', id)).exitCode).toBe(0);
  });

  it('acts on a task whose process is gone, once for each request; a resume goes on from there', async () => {
    using shell = openFragile();
    await using running = startSkein(shell.directory, 'run', 'workflow.yaml');
    const id = await parkedIn(shell);
    await running.kill();
    const skip = () => shell.skein('task', 'skip', id, 'call', '--request', 'one', '--json');

    const first = await skip();
    const again = await skip();
    const other = await shell.skein('task', 'fail', id, 'call');
    const resumed = await shell.skein('resume', id);

    expect(JSON.parse(first.out)).toMatchObject({ task: 'call', action: 'skip', next: `skein resume ${id}` });
    expect(again.out).toBe(first.out);
    expect(other).toMatchObject({ exitCode: 2, err: expect.stringContaining('has settled') as string });
    expect(resumed.exitCode).toBe(0);
    expect((await shell.skein('verify-history', id)).exitCode).toBe(0);
  });

  it.each([
    [['undo', 'exec_1', 'a'], 'there is no `skein task undo`'],
    [['complete', 'exec_1', 'a'], 'needs the output'],
    [['retry', 'exec_1', 'a', '--output', 'x=1'], 'takes no output'],
  ])('explains what is wrong with %j', async (args, message) => {
    using shell = openFragile();

    const { exitCode, err } = await shell.skein('task', ...args);

    expect(exitCode).toBe(2);
    expect(err).toContain(message);
  });
});
