import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExecutionView } from '../../core/projections/index.ts';
import type { Shell } from '../makers/shell.ts';
import { startSkein, type SkeinProcess } from '../makers/skein-process.ts';
import { openRelease } from '../makers/waiting-workflow.ts';

const asked = /review {2}waits for lead: skein approve (apr_\w+)/;

describe('skein pause, resume and approve', () => {
  let shell: Shell;
  let owner: SkeinProcess;

  const idOf = ({ lines }: SkeinProcess): string => /exec_\w+/.exec(lines.join('\n'))?.[0] ?? 'none';
  const approvalOf = ({ lines }: SkeinProcess): string => asked.exec(lines.join('\n'))?.[1] ?? 'none';
  const view = async (id: string): Promise<ExecutionView> =>
    JSON.parse((await shell.skein('status', id, '--json')).out) as ExecutionView;
  /** The owner listens a moment after its start; until then it is asked again. */
  const ask = (...args: readonly string[]) =>
    vi.waitUntil(
      async () => shell.skein(...args).then((it) => (it.err.includes('database_owned') ? undefined : it)),
      20_000,
    );

  beforeEach(async () => {
    shell = openRelease();
    owner = startSkein(shell.directory, 'run', 'workflow.yaml');
    expect(await owner.prints(/build {2}says: at build/)).toBe(true);
  });

  afterEach(async () => {
    await owner[Symbol.asyncDispose]();
    shell[Symbol.dispose]();
  });

  it('pause what another process runs, which dispatches nothing until it is resumed', async () => {
    const id = idOf(owner);

    const paused = await ask('pause', id, '--reason', 'wait for Monday');
    shell.write({ build: '' });
    expect(await owner.prints(/review {2}kept back: paused by ann/)).toBe(true);
    const explained = await shell.skein('explain', id);
    const resumed = await shell.skein('resume', id);

    expect(paused.out).toMatch(new RegExp(`^paused ${id}, checkpoint chk_\\w{26}\\n`));
    expect(explained.out).toMatch(/is paused by `ann` since .* because "wait for Monday"/);
    expect(explained.out).toContain(`skein resume ${id}`);
    expect(resumed.out).toBe(`resumed ${id}: the process that runs it goes on\n`);
    expect(await owner.prints(asked)).toBe(true);
    expect((await shell.skein('verify-history', id)).out).toMatch(/^every promise holds/);
  });

  it('let a person decide, who hears what does not fit', async () => {
    shell.write({ build: '', publish: '' });
    expect(await owner.prints(asked)).toBe(true);
    const approval = approvalOf(owner);

    const listed = await shell.skein('approvals');
    const wrong = await ask('approve', approval, '--output', 'ok=perhaps');
    const right = await shell.skein('approve', approval, '--output', 'ok=true');
    const code = await owner.ended;
    const late = await shell.skein('reject', approval, '--reason', 'too late', '--json');

    expect(listed.out).toMatch(new RegExp(`${approval} +release +review .*May it go out\\?`));
    expect(wrong).toMatchObject({ exitCode: 2, err: expect.stringContaining('invalid_input') as string });
    expect(right).toMatchObject({ exitCode: 0, out: `approved ${approval} as ann\n` });
    expect(code).toBe(0);
    expect(owner.lines.join('\n')).toMatch(/review {2}approved by ann[^]*"ok": true/);
    expect(JSON.parse(late.out)).toMatchObject({
      error: { code: expect.stringMatching(/attempt_not_live/) as string },
    });
  });

  it('decide where no process runs, and the execution goes on when it is resumed', async () => {
    shell.write({ build: '', publish: '' });
    expect(await owner.prints(asked)).toBe(true);
    const approval = approvalOf(owner);
    await owner.kill();
    const id = idOf(owner);

    const explained = await shell.skein('explain', id);
    const rejected = await shell.skein('reject', approval, '--reason', 'not yet');
    const resumed = await shell.skein('resume', id);

    expect(explained.out).toContain('waits for the decision of `lead`');
    expect(rejected.out).toBe(
      `rejected ${approval} as ann\n\nno process runs the execution\n\nnext\n  skein resume ${id}\n`,
    );
    expect(resumed.exitCode).toBe(1);
    expect(resumed.out).toContain('Rejected by ann: not yet');
    expect(await view(id)).toMatchObject({ status: 'failed' });
    expect((await shell.skein('verify-history', id)).out).toMatch(/^every promise holds/);
  });

  it('leave an execution that waits for a person as it is when Ctrl-C is pressed', async () => {
    shell.write({ build: '', publish: '' });
    expect(await owner.prints(asked)).toBe(true);

    await owner.kill('SIGINT');
    const id = idOf(owner);
    const left = await view(id);
    const decided = await shell.skein('approve', approvalOf(owner), '--output', 'ok=true');
    const resumed = await shell.skein('resume', id, '--json');

    expect(await owner.ended).toBe(1);
    expect(owner.lines.join('\n')).toContain('somebody must decide by');
    expect(left).toMatchObject({ status: 'running' });
    expect(decided.exitCode).toBe(0);
    expect(JSON.parse(resumed.out)).toMatchObject({ status: 'succeeded', output: { ok: true } });
  });

  it('pause and resume what a process has left behind', async () => {
    await owner.kill();
    const id = idOf(owner);

    const paused = await shell.skein('pause', id, '--json');
    const rest = await shell.skein('resume');
    shell.write({ build: '', publish: '' });
    const going = startSkein(shell.directory, 'resume', id);
    await using resumed = going;

    expect(JSON.parse(paused.out)).toMatchObject({
      execution_id: id,
      checkpoint_id: expect.stringMatching(/^chk_/) as string,
    });
    expect(rest.out).toBe(`${id} is paused by ann: \`skein resume ${id}\` resumes it\n`);
    expect(await resumed.prints(asked)).toBe(true);
    expect((await ask('approve', approvalOf(resumed), '--output', 'ok=true')).exitCode).toBe(0);
    expect(await resumed.ended).toBe(0);
  });

  it('refuse what cannot be', async () => {
    const id = idOf(owner);
    const inMemory = await shell.skein('run', 'workflow.yaml', '--database', ':memory:');
    const unknown = await ask('approve', 'apr_nonsense');
    await owner.kill();
    await shell.skein('cancel', id);

    const ended = await shell.skein('pause', id);

    expect(inMemory.err).toContain('nobody_could_decide');
    expect(unknown.err).toContain('approval_not_found');
    expect(ended.err).toContain('cannot_pause');
  });
});
