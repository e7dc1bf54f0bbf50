import { describe, expect, it } from 'vitest';
import { openShell, type Shell } from '../makers/shell.ts';

const workflow = `workflow:
  name: keeping
  version: "1"
  timeout: 1h
  owner: { contact: a@example.com }
  agents: { scanner: { type: scanner } }
  tasks:
    - { id: scan, agent: scanner, cache: { ttl: null }, effect: none, timeout: 60 }
    - { id: look, agent: scanner, cache: { ttl: null, key: '\${ tasks.scan.output.at }' }, effect: none, timeout: 60, depends_on: [scan] }
`;

function openKeeping(): Shell {
  const shell = openShell();
  shell.write({
    'workflow.yaml': workflow,
    'agents.yaml': 'agent_types:\n  scanner: { runtime: local, module: ./scan.mjs }\n',
    'scan.mjs': 'export default async () => ({ at: process.hrtime.bigint().toString() });\n',
  });
  return shell;
}

describe('skein cache', () => {
  it('shows what is kept, and has the next call made again', async () => {
    using shell = openKeeping();
    const run = async (): Promise<string> => (await shell.skein('run', 'workflow.yaml', '--json')).out;
    const first = await run();

    const listed = await shell.skein('cache');
    const json = await shell.skein('cache', '--json');
    const again = await run();
    const cleared = await shell.skein('cache', 'clear', 'keeping/scan');
    const after = await shell.skein('cache');
    const fresh = await run();
    const all = await shell.skein('cache', 'clear', '--all', '--json');
    const empty = await shell.skein('cache');

    expect(listed.out).toBe('keeping/look  1 answer\nkeeping/scan  1 answer\n');
    expect(JSON.parse(json.out)).toEqual({ caches: [{ workflow_id: 'keeping', answers: { scan: 1, look: 1 } }] });
    expect(answerOf(again)).toBe(answerOf(first));
    expect(answerOf(fresh)).not.toBe(answerOf(first));
    expect(cleared).toMatchObject({ exitCode: 0, out: 'keeping/scan: 1 answer cleared\n' });
    expect(after.out).toBe('keeping/look  1 answer\n');
    expect(JSON.parse(all.out)).toEqual({ cleared: [{ workflow_id: 'keeping', cleared: 3 }] });
    expect(empty.out).toBe('no answer is kept\n');
  });

  it.each([
    [['clear'], 'needs a workflow'],
    [['clear', 'keeping', '--all'], 'one of them only'],
    [['--all'], '`--all` belongs to'],
    [['empty'], 'there is no `skein cache empty`'],
  ])('says how it is used: %j', async (args, says) => {
    using shell = openKeeping();

    const { exitCode, err } = await shell.skein('cache', ...args);

    expect(exitCode).toBe(2);
    expect(err).toContain(says);
  });
});

/** When `scan` was really called, as its agent has said it. */
function answerOf(json: string): string {
  return /"at":\s*"(\d+)"/.exec(json)?.[1] ?? json;
}
