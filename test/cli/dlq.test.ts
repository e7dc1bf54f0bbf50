import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSecret } from '../../adapters/embedded/index.ts';
import { recordLetter, type FoundLetter } from '../../engine/index.ts';
import { openOwnedStores, startDevServer } from '../../local/index.ts';
import { shellAt } from '../makers/dev-deployment.ts';
import { openShell, type Shell } from '../makers/shell.ts';
import { startSkein } from '../makers/skein-process.ts';

const timer: FoundLetter = {
  source: 'timers',
  copy: 'eng_1/1',
  about: 'a timer',
  reason: 'This cannot be.\nReally.',
  body: { kind: 'wake', execution: 'exec_1', path: 'lint', parking: 1 },
};

/** Writes letters into a database that nobody owns; answers the incident of the last. */
async function plant(database: string, ...letters: readonly FoundLetter[]): Promise<string> {
  const stores = await openOwnedStores(database, createSecret);
  try {
    let id = '';
    for (const letter of letters) ({ id } = await recordLetter(stores, letter));
    return id;
  } finally {
    stores.close();
  }
}

async function openPlanted(...letters: readonly FoundLetter[]): Promise<{ shell: Shell; id: string } & Disposable> {
  const shell = openShell({ environment: { USER: 'ann' } });
  shell.write({ 'x.yaml': '' });
  const id = await plant(join(shell.directory, 'letters.db'), ...letters);
  const at: Shell = { ...shell, skein: (...args) => shell.skein(...args, '--database', 'letters.db') };
  return { shell: at, id, [Symbol.dispose]: () => shell[Symbol.dispose]() };
}

describe('skein dlq', () => {
  it('lists what is open, shows one, closes it with a reason, and keeps that', async () => {
    using at = await openPlanted(timer, { ...timer, copy: 'eng_1/2' });
    const { shell, id } = at;

    const table = await shell.skein('dlq');
    const closed = await shell.skein('dlq', 'close', id, '--why', 'a test');
    const shown = await shell.skein('dlq', 'show', id);

    expect(table.out).toMatch(new RegExp(`${id} +timers +open +2 .*ago +This cannot be. Really.`));
    expect(closed).toMatchObject({ exitCode: 0, out: `${id} is closed\n` });
    expect(shown.out).toMatch(/closed +.* ago by ann: a test/);
    expect((await shell.skein('dlq', 'list')).out).toBe('no dead letters\n');
    const all = JSON.parse((await shell.skein('dlq', 'list', '--all', '--json')).out) as object;
    expect(all).toMatchObject({ incidents: [{ incident_id: id, status: 'closed', letters: 2 }] });
    expect(await shell.skein('dlq', 'redrive', id)).toMatchObject({ exitCode: 2 });
  });

  it('redrives one of a database that no process runs, once', async () => {
    using at = await openPlanted(timer);
    const { shell, id } = at;

    const redriven = await shell.skein('dlq', 'redrive', id);
    const again = await shell.skein('dlq', 'redrive', id, '--json');

    expect(redriven).toMatchObject({ exitCode: 0, out: `${id} is on its way again; next: skein resume\n` });
    expect(JSON.parse(again.out)).toMatchObject({ incident_id: id, status: 'redriven' });
    const { out } = await shell.skein('dlq', 'show', id, '--json');
    expect(JSON.parse(out)).toMatchObject({ acts: [{ did: 'redriven', by: 'ann' }] });
  });

  it('says what cannot be sent again', async () => {
    using at = await openPlanted({ ...timer, source: 'engine' });

    const { exitCode, err } = await at.shell.skein('dlq', 'redrive', at.id);

    expect(exitCode).toBe(2);
    expect(err).toMatch(/cannot be sent again[^]*skein resume/);
  });

  it('asks the process that owns the database', async () => {
    using shell = openShell();
    shell.write({ 'agents.yaml': 'agent_types:\n  person: { runtime: human }\n' });
    shell.write({
      'workflow.yaml': `workflow:
  name: waits
  version: "1"
  timeout: 2h
  owner: { contact: a@example.com }
  agents: { person: { type: person } }
  tasks: [{ id: decide, agent: person }]
`,
    });
    const database = join(shell.directory, '.skein/skein.db');
    shell.write({ '.skein/x': '' });
    const id = await plant(database, timer);
    await using running = startSkein(shell.directory, 'run', 'workflow.yaml');
    await running.prints(/decide/);
    const heard = async (...args: readonly string[]) => {
      for (;;) {
        const answer = await shell.skein('dlq', ...args);
        if (!answer.err.includes('it listens shortly after its start')) return answer;
      }
    };

    expect(await heard('redrive', id)).toMatchObject({ exitCode: 0, out: `${id} is on its way again\n` });
    expect(await heard('close', id)).toMatchObject({ exitCode: 0 });

    expect(JSON.parse((await shell.skein('dlq', 'show', id, '--json')).out)).toMatchObject({ status: 'closed' });
    await running.kill();
  });

  it('asks a deployment', async () => {
    using directory = openShell();
    directory.write({ 'x.yaml': '' });
    const database = join(directory.directory, 'letters.db');
    const id = await plant(database, timer, { ...timer, about: 'another', source: 'engine' });
    const server = await startDevServer({ port: 0, directory: directory.directory, database, version: '0' });
    try {
      using shell = shellAt(server);

      const { incidents } = JSON.parse((await shell.skein('dlq', '--json')).out) as { incidents: object[] };
      expect(incidents).toHaveLength(2);
      expect(await shell.skein('dlq', 'redrive', id)).toMatchObject({ exitCode: 2 });
      expect(await shell.skein('dlq', 'close', id, '--why', 'seen')).toMatchObject({ exitCode: 0 });
      expect((await shell.skein('dlq', 'show', id)).out).toContain('by developer: seen');
      const open = (JSON.parse((await shell.skein('dlq', '--json')).out) as { incidents: { incident_id: string }[] })
        .incidents;
      expect(open).toHaveLength(1);
      const redriven = await shell.skein('dlq', 'redrive', open[0]?.incident_id ?? '');
      expect(redriven.out).toMatch(/^inc_\w+ is on its way again\n$/);
      expect((await shell.skein('dlq', 'show', 'inc_none')).err).toContain('There is no incident inc_none.');
    } finally {
      await server.close();
    }
  });

  it.each([
    [['redrive'], 'needs the id of an incident'],
    [['burn', 'inc_1'], 'there is no `skein dlq burn`'],
    [['list', '--status', 'lost'], 'there is no status lost'],
  ])('tells of wrong use: %j', async (args, says) => {
    using shell = openShell();

    const { exitCode, err } = await shell.skein('dlq', ...args);

    expect(exitCode).toBe(2);
    expect(err).toContain(says);
  });
});
