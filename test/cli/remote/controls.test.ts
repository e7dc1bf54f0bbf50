import { describe, expect, it } from 'vitest';
import { shellAt, startDeployment } from '../../makers/dev-deployment.ts';
import type { Shell } from '../../makers/shell.ts';
import { temporaryDirectory } from '../../makers/temporary-directory.ts';

const catalogue = `
agent_types:
  editor:
    runtime: human
    output: { type: object, required: [comment], properties: { comment: { type: string } } }
`;
const workflow = `
workflow:
  name: release
  version: '1.0'
  input: { type: object }
  agents:
    editor: { type: editor }
  tasks:
    - id: look
      agent: editor
      description: Is the text fine?
      input: { text: Hello. }
    - id: second_look
      agent: editor
      depends_on: [look]
      input: { text: Hello again. }
`;

/** A deployment with an execution that waits for a person; answers its id. */
async function openRelease() {
  const shell = shellAt(await startDeployment(catalogue, temporaryDirectory()));
  shell.write({ 'release.yaml': workflow });
  const { out } = await shell.skein('run', 'release.yaml', '--detach');
  return { shell, id: out.trim(), [Symbol.dispose]: () => shell[Symbol.dispose]() };
}

/** The approval of a task, once it is asked for. */
async function askedFor(shell: Shell, task: string): Promise<string> {
  for (;;) {
    const { out } = await shell.skein('approvals', '--json');
    const { approvals } = JSON.parse(out) as { approvals: { approval_id: string; task: string }[] };
    const found = approvals.find((approval) => approval.task === task);
    if (found) return found.approval_id;
  }
}

/** The status of an execution, once it has ended. */
async function ended(shell: Shell, id: string): Promise<string> {
  for (;;) {
    const { out } = await shell.skein('status', id, '--json');
    const { status, endedAt } = JSON.parse(out) as { status: string; endedAt?: number };
    if (endedAt !== undefined) return status;
  }
}

describe('a person at a deployment', () => {
  it('sees what is asked, decides it, and the execution goes on to its end', async () => {
    using at = await openRelease();
    const first = await askedFor(at.shell, 'look');

    const list = await at.shell.skein('approvals', at.id);
    const wrong = await at.shell.skein('approve', first, '--output', 'comment=7');
    const right = await at.shell.skein('approve', first, '--output', 'comment=fine');
    await at.shell.skein('approve', await askedFor(at.shell, 'second_look'), '--output', 'comment=fine');
    const status = await ended(at.shell, at.id);

    expect(list.out).toMatch(/approval +workflow +task .*\n\S+ +release +look .*Is the text fine\?\n$/);
    expect(wrong).toMatchObject({ exitCode: 2, err: expect.stringContaining('comment') as string });
    expect(right.out).toBe(`approved ${first} as developer\n`);
    expect(status).toBe('succeeded');
  });

  it('rejects, and the task fails with the reason', async () => {
    using at = await openRelease();

    const answer = await at.shell.skein('reject', await askedFor(at.shell, 'look'), '--reason', 'a typo');
    const ended = await at.shell.skein('cancel', at.id, '--json');

    expect(answer.out).toMatch(/^rejected .* as developer\n$/);
    expect(ended.err + ended.out).toMatch(/execution_ended|"failed"/);
    expect((await at.shell.skein('explain', at.id, 'look')).out).toContain('a typo');
  });

  it('pauses an execution with a checkpoint, and lets it go on', async () => {
    using at = await openRelease();
    const first = await askedFor(at.shell, 'look');

    const paused = await at.shell.skein('pause', at.id, '--reason', 'lunch');
    await at.shell.skein('approve', first, '--output', 'comment=fine');
    const status = await at.shell.skein('status', at.id);
    const waiting = await at.shell.skein('approvals');
    const resumed = at.shell.skein('resume', at.id);
    await at.shell.skein('approve', await askedFor(at.shell, 'second_look'), '--output', 'comment=fine');

    expect(paused.out).toMatch(
      new RegExp(`^paused ${at.id}, checkpoint \\S+\\n\\nnext\\n {2}skein resume ${at.id}\\n$`),
    );
    expect(status.out).toContain('paused');
    expect(waiting.out).toBe('nothing to decide\n');
    const { exitCode, out } = await resumed;
    expect(exitCode).toBe(0);
    expect(out).not.toMatch(/ look {2}attempt 1/);
    expect(out).toContain('second_look  succeeded');
  });

  it('cancels an execution, and sees how it ended', async () => {
    using at = await openRelease();
    await askedFor(at.shell, 'look');

    const { exitCode, out } = await at.shell.skein('cancel', at.id);

    expect(exitCode).toBe(0);
    expect(out).toContain('cancelled');
  });
});
