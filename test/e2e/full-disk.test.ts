import { describe, expect, it } from 'vitest';
import type { ExecutionView } from '../../core/projections/index.ts';
import { openShell, type Shell } from '../makers/shell.ts';
import { startSkein, startSkeinUnder } from '../makers/skein-process.ts';

const workflow = `workflow:
  name: filler
  version: "1"
  agents: { one: { type: writer } }
  tasks:
    - { id: a, agent: one }
    - { id: b, agent: one, depends_on: [a] }
    - { id: c, agent: one, depends_on: [b] }
    - { id: d, agent: one, depends_on: [c] }
`;

/** An answer of `letters` letters: from 32 KiB on it stands beside the ledger. */
function openFiller(letters: number): Shell {
  const shell = openShell();
  const agents = 'agent_types: { writer: { runtime: local, module: ./writer.mjs } }\n';
  const writer = `export default ({ id }) => id.repeat(${letters});\n`;
  shell.write({ 'workflow.yaml': workflow, 'agents.yaml': agents, 'writer.mjs': writer });
  return shell;
}

const verify = async (shell: Shell, id: string) => (await shell.skein('verify-history', id)).out;
const viewOf = async (shell: Shell, id: string) =>
  JSON.parse((await shell.skein('status', id, '--json')).out) as ExecutionView;

describe('skein run on a disk without room', () => {
  it.each([
    ['in the ledger', 30_000, 660],
    ['beside the ledger', 200_000, 1_500],
  ])('says so and ends, where the room ends %s; nothing that it told is lost', async (_, letters, blocks) => {
    using shell = openFiller(letters);
    // Blocks of 512 bytes for each file.
    await using run = startSkeinUnder(`ulimit -f ${blocks}`, shell.directory, 'run', 'workflow.yaml');

    const code = await run.ended;
    const id = /exec_\w+/.exec(run.lines.join('\n'))?.[0] ?? 'none';
    const told = run.lines.flatMap((line) => / s {2}(\w) {2}succeeded$/.exec(line)?.[1] ?? []);
    const left = await viewOf(shell, id);
    await using resume = startSkein(shell.directory, 'resume', id);
    const resumed = await resume.ended;

    expect(code).toBe(2);
    expect(run.complaint()).toMatch(
      /^error (database_io_error|disk_full): \S+skein\.db could not be .*\n {2}at {4}\S+skein\.db\n {2}next .*`skein resume`/,
    );
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThan(4);
    expect(left.status).toBe('running');
    const kept = left.tasks.filter(({ status }) => status === 'succeeded').map(({ path }) => path);
    expect(kept).toEqual(expect.arrayContaining(told));
    expect([resumed, resume.complaint()]).toEqual([0, '']);
    expect(await verify(shell, id)).toMatch(/^every promise holds/);
    expect((await viewOf(shell, id)).tasks.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1]);
  });

  it('says so, where there is none for the database itself', async () => {
    using shell = openFiller(10);
    await using run = startSkeinUnder('ulimit -f 8', shell.directory, 'run', 'workflow.yaml');

    expect(await run.ended).toBe(2);
    expect(run.complaint()).toMatch(/^error (database_io_error|disk_full): .*\n {2}at .*skein\.db\n {2}next {2}\S/);
  });
});

describe('skein emit on a disk without room', () => {
  it('tells of no event that is not kept', async () => {
    using shell = openFiller(10);
    await shell.skein('run', 'workflow.yaml');
    shell.write({ 'data.json': JSON.stringify('x'.repeat(31_000)) });
    const emit = (...more: string[]) => ['emit', 'said', '--id', 'e1', '--data', '@data.json', ...more];

    await using refused = startSkeinUnder('ulimit -f 80', shell.directory, ...emit());
    const code = await refused.ended;
    const again = await shell.skein(...emit('--json'));

    expect([code, refused.lines]).toEqual([2, []]);
    expect(refused.complaint()).toMatch(/^error (database_io_error|disk_full): /);
    expect(again.exitCode).toBe(0);
  });
});
