import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPatient } from '../makers/patient-workflow.ts';
import type { Shell } from '../makers/shell.ts';
import { startSkein, type SkeinProcess } from '../makers/skein-process.ts';

/** Its second task waits for a file `go`. */
const startPatient = (shell: Shell): SkeinProcess => startSkein(shell.directory, 'run', 'workflow.yaml');

const idOf = ({ lines }: SkeinProcess): string => /exec_\w+/.exec(lines.join('\n'))?.[0] ?? 'none';

describe('beside a process that runs an execution', () => {
  let shell: Shell;
  let owner: SkeinProcess;
  let id: string;

  beforeEach(async () => {
    shell = openPatient();
    owner = startPatient(shell);
    expect(await owner.prints(/slow {2}says: serving slow/)).toBe(true);
    id = idOf(owner);
  });

  afterEach(async () => {
    await owner[Symbol.asyncDispose]();
    shell[Symbol.dispose]();
  });

  it.each([
    ['list', [], /exec_\w+ {2}patient 1 {2}running/],
    ['status', ['id'], /slow/],
    ['events', ['id'], /task\.assigned +slow +attempt 1 goes to one/],
    ['explain', ['id'], /^next {2}/m],
    ['verify-history', ['id'], /^every promise holds/],
  ])('%s looks on', async (verb, args, shows) => {
    const answer = await shell.skein(verb, ...args.map(() => id));

    expect(answer).toMatchObject({ exitCode: 0, err: '' });
    expect(answer.out).toMatch(shows);
  });

  it.each([
    ['run', () => ['workflow.yaml']],
    ['resume', () => [id]],
  ])('%s is refused, and told what to do', async (verb, args) => {
    const text = await shell.skein(verb, ...args());
    const json = await shell.skein(verb, ...args(), '--json');

    expect([text.exitCode, json.exitCode]).toEqual([2, 2]);
    expect(text.err).toMatch(/^error database_owned: .* is in use by another skein process/);
    expect(text.err).toMatch(/^ +next +\S/m);
    expect(JSON.parse(json.out)).toMatchObject({ error: { code: 'database_owned' } });
  });

  it('is named by its pid as soon as it listens', async () => {
    const named = new RegExp(`^error database_owned: .* \\(pid ${owner.pid}\\)\\.`);
    const refused = () => shell.skein('run', 'workflow.yaml');

    const { err } = await vi.waitUntil(
      async () => refused().then((it) => (it.err.includes('pid') ? it : undefined)),
      20_000,
    );

    expect(err).toMatch(named);
  });

  it('an execution can be cancelled', async () => {
    const cancel = async () => {
      await using process = startSkein(shell.directory, 'cancel', id);
      return { code: await process.ended, out: process.lines.join('\n'), err: process.complaint() };
    };
    // The owner listens shortly after its start, and says so to who comes too early.
    const early = /^error database_owned: .*\n(.*\n)*.*try again/;

    const cancelled = await vi.waitUntil(
      async () => cancel().then((it) => (early.test(it.err) ? undefined : it)),
      20_000,
    );

    expect(cancelled).toMatchObject({ code: 0, err: '' });
    expect(cancelled.out).toMatch(/patient 1 {2}exec_\w+ {2}cancelled/);
    expect(await owner.ended).toBe(1);
    expect(JSON.parse((await shell.skein('status', id, '--json')).out)).toMatchObject({ status: 'cancelled' });
    expect((await shell.skein('verify-history', id)).exitCode).toBe(0);
  });

  it('the database is free again when that one is killed', async () => {
    await owner.kill();
    shell.write({ go: '' });

    const next = await shell.skein('run', 'workflow.yaml');
    const resumed = await shell.skein('resume', id);

    expect([next.exitCode, resumed.exitCode]).toEqual([0, 0]);
    expect(
      (await shell.skein('list', '--status', 'succeeded', '--json')).out.match(/"execution": "exec_/g),
    ).toHaveLength(2);
  });
});

describe('processes that start at once on one database', () => {
  it('are one that runs and others that are refused', async () => {
    using shell = openPatient();
    await using one = startPatient(shell);
    await using two = startPatient(shell);
    await using three = startPatient(shell);
    const processes = [one, two, three];
    const runs = processes.map(async (it) => ((await it.prints(/slow {2}says: serving slow/)) ? it : undefined));
    const winner = (await Promise.all(runs)).find((it) => it !== undefined);
    await winner?.kill('SIGINT');

    const codes = await Promise.all(processes.map((it) => it.ended));
    const refused = processes.filter((it) => it !== winner);

    expect(codes.toSorted()).toEqual([1, 2, 2]);
    expect(await winner?.ended).toBe(1);
    expect(refused.map((it) => it.complaint().includes('database_owned'))).toEqual([true, true]);
  });
});
