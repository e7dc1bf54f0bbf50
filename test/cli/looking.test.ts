import { describe, expect, it } from 'vitest';
import { openShell, type Shell } from '../makers/shell.ts';

/** Runs the first workflow; answers the execution's id. */
async function runHello(shell: Shell): Promise<string> {
  await shell.skein('init');
  const { out } = await shell.skein('run', 'workflow.yaml', '--input', 'name=Ada', '--json');
  return (JSON.parse(out) as { execution: string }).execution;
}

describe('the verbs that look', () => {
  it('agree about an execution that has ended', async () => {
    using shell = openShell();
    const id = await runHello(shell);

    const answers = {
      list: await shell.skein('list'),
      none: await shell.skein('list', '--status', 'failed'),
      status: await shell.skein('status', id, '--timeline'),
      events: await shell.skein('events', id),
      explain: await shell.skein('explain', id),
      explainTask: await shell.skein('explain', id, 'write'),
      verify: await shell.skein('verify-history', id),
    };

    expect(Object.values(answers).map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(answers.list.out).toMatch(new RegExp(`${id} {2}hello 1.0 {2}succeeded`));
    expect(answers.none.out).toBe('no executions\n');
    expect(answers.status.out).toMatch(/3 of 3 tasks\n\n +0 .*\nmorning +█+/);
    expect(answers.events.out).toMatch(/workflow\.execution_completed +succeeded\n$/);
    expect(answers.explain.out).toContain('succeeded');
    expect(answers.explainTask.out).toContain('`write`');
    expect(answers.verify.out).toBe(`every promise holds over 12 events of ${id}\n`);
  });

  it('print what programs read with --json', async () => {
    using shell = openShell();
    const id = await runHello(shell);
    const json = async (...args: string[]): Promise<unknown> => JSON.parse((await shell.skein(...args, '--json')).out);

    expect(await json('list')).toMatchObject({ executions: [{ execution: id, status: 'succeeded' }] });
    expect(await json('status', id)).toMatchObject({ execution: id, tasks: [{}, {}, {}] });
    expect(await json('explain', id)).toMatchObject({ chain: [{ kind: 'succeeded' }] });
    expect(await json('verify-history', id)).toEqual({ execution: id, events: 12, violations: [] });
    const { out } = await shell.skein('events', id, '--json');
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { type: string }).type),
    ).toContain('task.assigned');
  });
});
