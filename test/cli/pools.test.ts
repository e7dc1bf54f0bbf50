import { describe, expect, it } from 'vitest';
import { openShell, type Shell } from '../makers/shell.ts';
import { startSkein } from '../makers/skein-process.ts';

const workflow = `workflow:
  name: busy
  version: "1"
  timeout: 2h
  owner: { contact: a@example.com }
  agents:
    slow: { type: slow_agent, count: 2, max_concurrent_tasks: 1, rate_limit: { calls: 100, per: 1h } }
    seldom: { type: seldom_agent, rate_limit: { calls: 1, per: 1h } }
  tasks:
    - { id: a, agent: slow, timeout: 60 }
    - { id: b, agent: slow, timeout: 60 }
    - { id: c, agent: slow, timeout: 60 }
    - { id: d, agent: seldom, timeout: 60, continue_on_failure: true }
    - { id: e, agent: seldom, timeout: 60, queue_timeout: 1h, continue_on_failure: true }
`;

const agent = `import { existsSync } from 'node:fs';
import { setTimeout as pass } from 'node:timers/promises';
export default async () => {
  while (!existsSync(new URL('done', import.meta.url))) await pass(20);
  return {};
};
`;

function openBusy(): Shell {
  const shell = openShell();
  const types = ['slow_agent', 'seldom_agent'].map((type) => `  ${type}: { runtime: local, module: ./slow.mjs }\n`);
  shell.write({ 'workflow.yaml': workflow, 'agents.yaml': `agent_types:\n${types.join('')}`, 'slow.mjs': agent });
  return shell;
}

interface Listed {
  readonly pools: readonly { readonly waiting: number; readonly slots: readonly { readonly task: string }[] }[];
  readonly rates: readonly object[];
}

async function listed(shell: Shell): Promise<Listed> {
  return JSON.parse((await shell.skein('pools', '--json')).out) as Listed;
}

/** What a running process needs to hear: until it listens, its database is only taken. */
async function whenHeard(shell: Shell, ...args: readonly string[]) {
  for (;;) {
    const answer = await shell.skein('pools', ...args);
    if (!answer.err.includes('it listens shortly after its start')) return answer;
  }
}

describe('skein pools', () => {
  it('shows who has the slots of a running process and who waits, drains an instance there and opens it again', async () => {
    using shell = openBusy();
    await using running = startSkein(shell.directory, 'run', 'workflow.yaml', '--workers', '8');
    await expect.poll(async () => (await listed(shell)).pools[0]?.waiting, { timeout: 20_000 }).toBe(1);
    await expect.poll(async () => (await listed(shell)).rates.length, { timeout: 20_000 }).toBe(2);

    const { out } = await shell.skein('pools');
    const { pools, rates } = await listed(shell);
    expect(pools).toMatchObject([
      {
        pool: 'busy.slow',
        capacity: 2,
        strategy: 'least_loaded',
        held: 2,
        slots: [{ slot: 0 }, { slot: 1 }],
        instances: [{ status: 'busy' }, { status: 'busy' }],
        queue: [{}],
      },
    ]);
    expect(rates).toMatchObject([
      { agent: 'seldom_agent', calls: 1, per: 3600, free: 0, waiting: 1 },
      { agent: 'slow_agent', free: 98, waiting: 0 },
    ]);
    expect(out).toMatch(/busy\.slow {2}2 of 2 +1 +exec_\w+\/[abc] +2 busy/);
    expect(out).toMatch(/busy\.slow\/0 {2}instance 0 +\S+ \S+ +exec_\w+ +[abc]/);
    expect(out).toMatch(/seldom_agent {2}1 call in 1h +0 +1 +exec_\w+\/[de] +in 59m/);

    const drained = await whenHeard(shell, 'drain', 'busy.slow', '1');
    expect(drained.out).toBe('instance 1 of busy.slow finishes what it has, and gets no other task\n');
    expect((await listed(shell)).pools[0]).toMatchObject({ instances: [{ status: 'busy' }, { status: 'draining' }] });
    const opened = await whenHeard(shell, 'open', 'busy.slow', '1', '--json');
    expect(JSON.parse(opened.out)).toEqual({ pool: 'busy.slow', instance: 1, to: 'opened' });
    expect((await listed(shell)).pools[0]).toMatchObject({ instances: [{ status: 'busy' }, { status: 'busy' }] });
    await running.kill();
  });

  it('changes an instance also where no process runs, and says what then makes tasks go on', async () => {
    using shell = openBusy();
    await using running = startSkein(shell.directory, 'run', 'workflow.yaml', '--workers', '8');
    await expect.poll(async () => (await listed(shell)).pools[0]?.waiting, { timeout: 20_000 }).toBe(1);
    await running.kill();

    expect((await shell.skein('pools', 'drain', 'busy.slow', '0')).exitCode).toBe(0);
    expect((await listed(shell)).pools[0]).toMatchObject({ instances: [{ status: 'draining' }, { status: 'busy' }] });
    expect((await shell.skein('pools', 'open', 'busy.slow', '0')).out).toBe(
      'instance 0 of busy.slow takes tasks; next: skein resume\n',
    );
    const { exitCode, err } = await shell.skein('pools', 'drain', 'busy.slow', '2');
    expect([exitCode, err]).toEqual([expect.any(Number), expect.stringContaining('has no instance 2')]);
    expect(exitCode).not.toBe(0);
  });

  it.each([
    [['drain'], '`skein pools drain` needs a pool and the number of an instance'],
    [['drain', 'p', 'x'], '`skein pools drain` needs a pool and the number of an instance'],
    [['close', 'p', '1'], 'there is no `skein pools close`'],
  ])('explains what %j lacks', async (args, message) => {
    using shell = openBusy();

    const { exitCode, err } = await shell.skein('pools', ...args);

    expect(exitCode).toBe(2);
    expect(err).toContain(message);
  });
});
