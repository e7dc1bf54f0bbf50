import { describe, expect, it } from 'vitest';
import { openShell, type Shell } from '../makers/shell.ts';
import { startSkein } from '../makers/skein-process.ts';

const workflow = `workflow:
  name: fragile
  version: "1"
  timeout: 2h
  owner: { contact: a@example.com }
  agents:
    flaky:
      type: flaky_agent
      circuit_breaker: { failure_threshold: 2, timeout_seconds: 1h, when_open: wait }
  tasks:
    - { id: first, agent: flaky, retry_policy: none, continue_on_failure: true }
    - { id: second, agent: flaky, retry_policy: none, continue_on_failure: true, depends_on: [{ task: first, on: done }] }
    - { id: third, agent: flaky, retry_policy: none, depends_on: [{ task: second, on: done }] }
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

/** What a running process needs to hear: until it listens, its database is only taken. */
async function resetWhenHeard(shell: Shell) {
  for (;;) {
    const answer = await shell.skein('breakers', 'reset', 'flaky_agent');
    if (!answer.err.includes('it listens shortly after its start')) return answer;
  }
}

async function breakersOf(shell: Shell): Promise<unknown> {
  return (JSON.parse((await shell.skein('breakers', '--json')).out) as { breakers: unknown }).breakers;
}

describe('skein breakers', () => {
  it('shows the breaker that a task of a running process waits for, and closes it there', async () => {
    using shell = openFragile();
    await using running = startSkein(shell.directory, 'run', 'workflow.yaml');
    await running.prints(/third {2}waits for the breaker of flaky_agent/);
    const execution = /exec_\w+/.exec((await shell.skein('list')).out)?.[0] ?? '';

    const table = await shell.skein('breakers');
    const json = await breakersOf(shell);
    const why = await shell.skein('explain', execution);
    shell.write({ well: '' });
    const reset = await resetWhenHeard(shell);

    expect(await running.ended).toBe(0);
    expect(table.out).toMatch(/flaky_agent {2}open .*no call for 59m\d\ds after AgentFailure/);
    expect(json).toMatchObject([{ agent: 'flaky_agent', status: 'open', epoch: 1, opened: 1 }]);
    expect(why.out).toContain('skein breakers reset flaky_agent');
    expect(reset).toMatchObject({ exitCode: 0, out: 'the breaker of flaky_agent is closed\n' });
    expect(running.lines.join('\n')).toMatch(/second {2}breaker of flaky_agent opens for 1h00m after/);
    expect((await shell.skein('verify-history', execution)).exitCode).toBe(0);
  });

  it('closes one whose process is gone; who waits goes on with a resume', async () => {
    using shell = openFragile();
    await using running = startSkein(shell.directory, 'run', 'workflow.yaml');
    await running.prints(/third {2}waits for the breaker/);
    await running.kill();
    shell.write({ well: '' });

    const { out } = await shell.skein('breakers', 'reset', 'flaky_agent');
    const resumed = await shell.skein('resume');

    expect(out).toBe('the breaker of flaky_agent is closed; next: skein resume\n');
    expect(resumed.exitCode).toBe(0);
    expect(await breakersOf(shell)).toMatchObject([{ status: 'closed', failures: 0 }]);
    // Nobody waits for one that was closed before.
    expect((await shell.skein('breakers', 'reset', 'flaky_agent')).out).toBe('the breaker of flaky_agent is closed\n');
  });

  it.each([
    ['reset', '`skein breakers reset` needs an agent type'],
    ['open', 'there is no `skein breakers open`'],
  ])('explains what %s lacks', async (action, message) => {
    using shell = openFragile();

    const { exitCode, err } = await shell.skein('breakers', action);

    expect(exitCode).toBe(2);
    expect(err).toContain(message);
  });
});
