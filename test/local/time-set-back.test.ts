import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AgentFunction } from '../../core/agents/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import { emitEvent, openLaptop, type Laptop } from '../../local/index.ts';
import { compileText, documentText, type TaskDocument } from '../../simulation/index.ts';
import { aTask, aWorkflow } from '../makers/small-scenario.ts';
import { temporaryDirectory } from '../makers/temporary-directory.ts';

const MINUTE = 60_000;

const realNow = Date.now.bind(Date);

/** From now on this machine's clock is wrong by so many milliseconds. */
function setClock(by: number): void {
  vi.spyOn(Date, 'now').mockImplementation(() => realNow() + by);
}

/** Its first attempt fails where the task is to be retried. */
const agent: AgentFunction = ({ id }, { attempt }) => {
  if (id === 'stubborn' && attempt === 1) throw new Error('not yet');
  return id;
};

const soon = { max_attempts: 2, interval: 0.4, backoff_rate: 1, max_delay: 1, jitter: 'none' } as const;

const tasks: readonly TaskDocument[] = [
  aTask('first'),
  { id: 'rest', depends_on: ['first'], wait: { seconds: 0.4 } },
  aTask('stubborn', { depends_on: ['first'], retry_policy: soon }),
  { id: 'hear', wait: { event: 'said', timeout: 3600 } },
  aTask('last', { depends_on: ['rest', 'stubborn', 'hear'] }),
];

const compiled = compileText(documentText(aWorkflow('small', tasks)), { worker: {} });

async function open(database: string): Promise<Laptop> {
  return openLaptop({ database, functions: new Map([['/worker.ts', agent]]) });
}

/** Runs it in a process that ends when this has happened to this task. */
async function beginUntil(database: string, type: string, path: string): Promise<ExecutionId> {
  const laptop = await open(database);
  const happened = new Promise<void>((resolve) => {
    laptop.runtime.subscribe((events) => {
      if (events.some((event) => event.type === type && event.path === path)) resolve();
    });
  });
  const id = await laptop.runtime.start({ ...(await laptop.runtime.publish(compiled)), input: {} });
  await happened;
  await laptop.close();
  return id;
}

const say = (laptop: Laptop) => laptop.runtime.emit({ id: 'e1', type: 'said', source: 'test', data: {} });

/** What has become of it within some seconds of real time, and what is wrong with its history. */
async function endingOf({ runtime, reader }: Laptop, id: ExecutionId) {
  const view = await Promise.race([runtime.whenEnded(id), delay(8_000)]);
  return { status: view?.status, violations: await reader.verify(id) };
}

const sound = { status: 'succeeded', violations: [] };

afterEach(() => void vi.restoreAllMocks());

describe('an execution whose machine sets its clock back', () => {
  it.each([2 * MINUTE, 60 * MINUTE])('by %d ms between two processes waits no longer, and ends soundly', async (by) => {
    const database = join(temporaryDirectory(), 'skein.db');
    const id = await beginUntil(database, 'task.parked', 'rest');

    setClock(-by);
    const laptop = await open(database);
    await laptop.runtime.resume(id);
    await say(laptop);
    const ending = await endingOf(laptop, id);
    await laptop.close();

    expect(ending).toEqual(sound);
  });

  it.each([2 * MINUTE, 60 * MINUTE])(
    'by %d ms while it waits and retries waits no longer, and ends soundly',
    async (by) => {
      const laptop = await open(join(temporaryDirectory(), 'skein.db'));
      const id = await laptop.runtime.start({ ...(await laptop.runtime.publish(compiled)), input: {} });
      await delay(150);

      setClock(-by);
      await say(laptop);
      const ending = await endingOf(laptop, id);
      await laptop.close();

      expect(ending).toEqual(sound);
    },
  );

  it('hears of an event that somebody has published meanwhile', async () => {
    const database = join(temporaryDirectory(), 'skein.db');
    const id = await beginUntil(database, 'task.parked', 'hear');

    setClock(-60 * MINUTE);
    await emitEvent(database, { type: 'said', source: 'test', data: {} });
    const laptop = await open(database);
    await laptop.runtime.resume(id);
    const ending = await endingOf(laptop, id);
    await laptop.close();

    expect(ending).toEqual(sound);
  });

  it('hears of no event that came before its start', async () => {
    const database = join(temporaryDirectory(), 'skein.db');
    const before = await open(database);
    await say(before);
    await before.close();

    setClock(-60 * MINUTE);
    const laptop = await open(database);
    await delay(5);
    const id = await laptop.runtime.start({ ...(await laptop.runtime.publish(compiled)), input: {} });
    await delay(300);
    const waiting = (await laptop.reader.view(id)).tasks.find(({ path }) => path === 'hear');
    await laptop.close();

    expect(waiting?.status).toBe('parked');
  });
});
