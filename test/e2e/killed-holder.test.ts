import { describe, expect, it } from 'vitest';
import { openShell } from '../makers/shell.ts';
import { startSkein } from '../makers/skein-process.ts';

const workflow = (name: string) => `workflow:
  name: ${name}
  version: "1"
  timeout: 2h
  owner: { contact: a@example.com }
  agents: { worker: { type: ${name}_agent, pool: shared } }
  resource_pools: { shared: { capacity: 1 } }
  tasks: [{ id: work, agent: worker, timeout: 1h, queue_timeout: 1h }]
`;

const stuck = `import { existsSync } from 'node:fs';
import { setTimeout as pass } from 'node:timers/promises';
export default async () => {
  while (!existsSync(new URL('done', import.meta.url))) await pass(20);
  return {};
};
`;

interface Listed {
  readonly pools: readonly { readonly waiting: number; readonly slots: readonly { readonly execution_id: string }[] }[];
}

describe('the slot of a process that was killed', () => {
  it('goes to a task of the next process, and to its own again when that is resumed', { timeout: 90_000 }, async () => {
    using shell = openShell();
    shell.write({
      'stuck.yaml': workflow('stuck'),
      'quick.yaml': workflow('quick'),
      'agents.yaml':
        'agent_types:\n  stuck_agent: { runtime: local, module: ./stuck.mjs }\n  quick_agent: { runtime: local, module: ./quick.mjs }\n',
      'stuck.mjs': stuck,
      'quick.mjs': 'export default () => ({});\n',
    });
    const listed = async () => (JSON.parse((await shell.skein('pools', '--json')).out) as Listed).pools[0];
    await using killed = startSkein(shell.directory, 'run', 'stuck.yaml');
    await expect.poll(async () => (await listed())?.slots.length, { timeout: 20_000 }).toBe(1);
    const dead = (await listed())?.slots[0]?.execution_id ?? '';
    await killed.kill('SIGKILL');
    expect((await listed())?.slots).toMatchObject([{ execution_id: dead }]);

    await using next = startSkein(shell.directory, 'run', 'quick.yaml');

    expect(await next.prints(/work {2}waits for the only slot of shared/)).toBe(true);
    expect(await next.ended).toBe(0);
    expect((await listed())?.slots).toEqual([]);
    shell.write({ done: '' });
    expect((await shell.skein('resume', dead)).exitCode).toBe(0);
    expect((await shell.skein('verify-history', dead)).out).toMatch(/all promises|no violation|holds/i);
    expect((await listed())?.slots).toEqual([]);
  });
});
