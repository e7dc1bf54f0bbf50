import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShell, type Answer, type Shell } from '../makers/shell.ts';

const workflow = `workflow:
  name: small
  version: "1"
  agents: { one: { type: echo } }
  tasks: [{ id: a, agent: one }]
`;

/** As a user without rights when the tests run as root, who may write everywhere. */
async function withoutRootRights<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe('a database that this user may read and not write', () => {
  let shell: Shell;
  let id: string;
  const database = () => join(shell.directory, '.skein/skein.db');
  const skein = (...args: string[]): Promise<Answer> => withoutRootRights(() => shell.skein(...args));

  beforeEach(async () => {
    shell = openShell();
    const agents = 'agent_types: { echo: { runtime: local, module: ./echo.mjs } }\n';
    shell.write({ 'workflow.yaml': workflow, 'agents.yaml': agents, 'echo.mjs': 'export default () => 1;\n' });
    const { out } = await shell.skein('run', 'workflow.yaml', '--json');
    ({ execution: id } = JSON.parse(out) as { execution: string });
    chmodSync(shell.directory, 0o755);
    for (const file of [database(), `${database()}.lock`]) chmodSync(file, 0o444);
    chmodSync(join(shell.directory, '.skein'), 0o555);
  });

  afterEach(() => {
    chmodSync(join(shell.directory, '.skein'), 0o755);
    shell[Symbol.dispose]();
  });

  it.each([
    ['run', () => ['workflow.yaml']],
    ['resume', () => [id]],
    ['emit', () => ['build.finished']],
    ['publish', () => ['workflow.yaml']],
  ])('is refused to %s, with the place and what to do', async (verb, args) => {
    const before = readFileSync(database());

    const { exitCode, err } = await skein(verb, ...args());

    expect(exitCode).toBe(2);
    expect(err).toMatch(
      /^error database_(not_writable|cannot_open): \S+skein\.db\S* can\S+ .*\n {2}at {4}\S+skein\.db\S*\n {2}next {2}Ch(eck|oose) .*\./,
    );
    expect(readFileSync(database())).toEqual(before);
  });

  it('can be looked into', async () => {
    expect(existsSync(`${database()}-wal`)).toBe(false);

    const answers = [];
    for (const verb of ['status', 'events', 'explain', 'verify-history']) answers.push(await skein(verb, id));
    answers.push(await skein('list'));

    expect(answers.map(({ exitCode, err }) => [exitCode, err])).toEqual(answers.map(() => [0, '']));
    expect(answers.map(({ out }) => out).join('')).toMatch(/every promise holds(.|\n)*small 1 +succeeded/);
  });
});
