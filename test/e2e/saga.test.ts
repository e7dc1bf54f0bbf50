import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openShell, type Shell } from '../makers/shell.ts';

const workflow = `workflow:
  name: order
  version: "1"
  fault_tolerance: { saga_pattern: { compensation_enabled: true } }
  agents: { clerk: { type: clerk }, undoer: { type: undoer } }
  tasks:
    - { id: pay, agent: clerk, input: { book: money, by: -3 }, compensate: { agent: undoer, input: { book: money, by: "\${ -tasks.pay.output.by }" } } }
    - { id: stock, agent: clerk, input: { book: goods, by: -1 }, depends_on: [pay], compensate: { agent: undoer } }
    - { id: ship, agent: clerk, input: { book: parcels, by: 1 }, depends_on: [stock], compensate: { agent: undoer } }
    - { id: mail, agent: clerk, input: { fails: true }, depends_on: [ship], retry_policy: none }
`;

const clerk = `import { appendFileSync } from 'node:fs';
export default ({ input }) => {
  if (input.fails) throw new Error('no such address');
  appendFileSync('books.txt', input.book + ' ' + input.by + '\\n');
  return { by: input.by };
};
`;

const undoer = `import { appendFileSync } from 'node:fs';
export default ({ input }, { idempotencyKey }) => {
  if (!idempotencyKey.startsWith('comp:')) throw new Error(idempotencyKey);
  const { book, by } = input.book ? input : { book: input.input.book, by: -input.output.by };
  if (book === process.env.CLOSED) throw Object.assign(new Error('the counter is closed'), { name: 'InvalidInput' });
  appendFileSync('books.txt', book + ' ' + by + '\\n');
  return null;
};
`;

function openOffice(): Shell {
  const shell = openShell();
  const agents = ['clerk', 'undoer'].map((name) => `  ${name}: { runtime: local, module: ./${name}.mjs }`);
  const absolute = (text: string) => text.replaceAll("'books.txt'", JSON.stringify(join(shell.directory, 'books.txt')));
  shell.write({
    'order.yaml': workflow,
    'agents.yaml': `agent_types:\n${agents.join('\n')}\n`,
    'clerk.mjs': absolute(clerk),
    'undoer.mjs': absolute(undoer),
    'books.txt': '',
  });
  return shell;
}

function books({ directory }: Shell): readonly string[] {
  return readFileSync(join(directory, 'books.txt'), 'utf8').trim().split('\n');
}

describe('an order whose last step fails', () => {
  it('is undone in reverse order on the command line, and its history holds', { timeout: 60_000 }, async () => {
    using shell = openOffice();

    const run = await shell.skein('run', 'order.yaml', '--json');
    const execution = /exec_\w+/.exec(run.out)?.[0] ?? '';
    const told = {
      status: await shell.skein('status', execution),
      events: await shell.skein('events', execution),
      explain: await shell.skein('explain', execution),
      verify: await shell.skein('verify-history', execution),
    };

    expect(run.exitCode).toBe(1);
    expect(books(shell)).toEqual(['money -3', 'goods -1', 'parcels 1', 'parcels -1', 'goods 1', 'money 3']);
    expect(told.status.out).toContain('compensated');
    expect(told.events.out).toMatch(/ship +is undone by undoer/);
    expect(told.explain.out).toContain('no such address');
    expect(told.verify).toMatchObject({ exitCode: 0 });
  });

  it(
    'waits for an operator where something cannot be undone, and goes on when that is tried again',
    { timeout: 60_000 },
    async () => {
      using shell = openOffice();
      shell.write({
        'undoer.mjs': readFileSync(join(shell.directory, 'undoer.mjs'), 'utf8').replace(
          'process.env.CLOSED',
          "'goods'",
        ),
      });

      const run = await shell.skein('run', 'order.yaml', '--json');
      const execution = /exec_\w+/.exec(run.out)?.[0] ?? '';
      const left = await shell.skein('compensations', execution);
      const explained = await shell.skein('explain', execution);
      const unsaid = await shell.skein('compensations', execution, 'retry', 'stock');
      const foreign = await shell.skein('compensations', execution, 'retry', 'mail', '--why', 'x');
      shell.write({
        'undoer.mjs': readFileSync(join(shell.directory, 'undoer.mjs'), 'utf8').replace("'goods'", "'nothing'"),
      });
      const again = await shell.skein('compensations', execution, 'retry', 'stock', '--why', 'the counter has opened');
      const resumed = await shell.skein('resume', execution);
      const status = await shell.skein('status', execution);
      const verified = await shell.skein('verify-history', execution);

      expect(left.out).toMatch(/stock +compensation_failed +undoer +1 .*retry, done, skip/);
      expect(left.out).toMatch(/pay +pending +undoer +0 +held back.*done, skip/);
      expect(explained.out).toContain(`skein compensations ${execution}`);
      expect(unsaid).toMatchObject({ exitCode: 2 });
      expect(foreign.err).toContain('not_left');
      expect(again.out).toContain(`skein resume ${execution}`);
      expect(resumed.exitCode).toBe(1);
      expect(status.out).toContain('compensated');
      expect(books(shell)).toEqual(['money -3', 'goods -1', 'parcels 1', 'parcels -1', 'goods 1', 'money 3']);
      expect(verified).toMatchObject({ exitCode: 0 });
    },
  );
});
