import { describe, expect, it } from 'vitest';
import { openShell, type Shell } from '../makers/shell.ts';
import { startSkein } from '../makers/skein-process.ts';

const workflow = `workflow:
  name: patient
  version: "1"
  timeout: 1h
  owner: { contact: a@example.com }
  output: { commit: "\${ tasks.built.output.data.commit }", from: "\${ tasks.built.output.source }" }
  tasks:
    - { id: built, wait: { event: build.finished, match: { passed: [true] }, timeout: 1h } }
`;

function openPatient(): Shell {
  const shell = openShell();
  shell.write({ 'workflow.yaml': workflow, 'agents.yaml': 'agent_types: {}' });
  return shell;
}

/** What a running process needs to hear: until it listens, its database is only taken. */
async function emitWhenHeard(shell: Shell, ...args: readonly string[]) {
  for (;;) {
    const answer = await shell.skein('emit', ...args);
    if (!answer.err.includes('it listens shortly after its start')) return answer;
  }
}

describe('skein emit', () => {
  it('reaches the task that waits in another process, once it matches', async () => {
    using shell = openPatient();
    await using running = startSkein(shell.directory, 'run', 'workflow.yaml');
    await running.prints(/built {2}waits/);

    const other = await emitWhenHeard(shell, 'build.finished', '--data', '{"passed": false}');
    const right = await shell.skein('emit', 'build.finished', '--data', '{"passed": true, "commit": "1a2b3c"}');

    expect(await running.ended).toBe(0);
    expect(other).toMatchObject({ exitCode: 0, err: '' });
    expect(right.out).toMatch(/^published build\.finished {2}evt_[\w-]{22}\n$/);
    expect(running.lines.slice(-4)).toEqual(['{', '  "commit": "1a2b3c",', '  "from": "terminal"', '}']);
  });

  it('is found by who waits when its process is gone, after a resume', async () => {
    using shell = openPatient();
    await using running = startSkein(shell.directory, 'run', 'workflow.yaml');
    await running.prints(/built {2}waits/);
    await running.kill();
    shell.write({ 'event.json': '{ "passed": true, "commit": "1a2b3c" }' });

    const emitted = await shell.skein('emit', 'build.finished', '--data', '@event.json');
    const { out } = await shell.skein('list', '--status', 'running');
    const resumed = await shell.skein('resume');

    expect(emitted.out).toMatch(/\nno process runs executions here: who waits for it hears it after `skein resume`\n$/);
    expect(out).toContain('patient 1');
    expect(resumed.out).toContain('"commit": "1a2b3c"');
  });

  it('publishes an id once', async () => {
    using shell = openPatient();
    await using running = startSkein(shell.directory, 'run', 'workflow.yaml');
    await running.prints(/built {2}waits/);
    await running.kill();
    const emit = async (commit: string) =>
      shell.skein(
        'emit',
        'build.finished',
        '--id',
        'ci-1',
        '--json',
        '--data',
        JSON.stringify({ passed: true, commit }),
      );

    const first = await emit('first');
    const second = await emit('second');
    const resumed = await shell.skein('resume');

    expect(JSON.parse(first.out)).toEqual({
      id: 'ci-1',
      type: 'build.finished',
      source: 'terminal',
      data: { passed: true, commit: 'first' },
      isHeard: false,
    });
    expect(second.exitCode).toBe(0);
    expect(resumed.out).toContain('"commit": "first"');
  });
});
