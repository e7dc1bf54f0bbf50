import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readHandle } from '../../core/agents/index.ts';
import { EngineError } from '../../core/errors/index.ts';
import { isTerminal } from '../../core/execution/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { ExecutionView } from '../../core/projections/index.ts';
import type { AgentAnswers } from '../../core/ports/index.ts';
import { catchUpViews } from '../../local/catch-up-views.ts';
import { createEmbeddedRuntime, createReader, openOwnedStores, type OwnedStores } from '../../local/index.ts';
import { createScriptedAgents } from '../makers/scripted-agents.ts';
import { createSimulatedWorld } from '../makers/simulated-world.ts';
import { compileScenario } from '../../simulation/index.ts';
import { aScenario, aTask, succeeds } from '../makers/small-scenario.ts';
import { temporaryDirectory } from '../makers/temporary-directory.ts';
import { createWaitingStores } from '../makers/waiting-stores.ts';

/** Each answer fills a page or two; the last one stands in a blob of its own. */
const answer = (id: string, length = 3_000) => succeeds(5, id.repeat(length));
const scenario = aScenario({
  tasks: [
    aTask('a'),
    aTask('many', { agent: 'trio', parallel: true, depends_on: ['a'] }),
    aTask('b', { depends_on: ['many'] }),
    aTask('c', { depends_on: ['b'] }),
  ],
  script: { a: [answer('a')], many: [answer('m')], b: [answer('b', 60_000)], c: [answer('c')] },
});
const { own } = compileScenario(scenario);

interface Life {
  /** Paths whose agents were told that their answer is taken. */
  readonly acknowledged: readonly string[];
  /** Absent: nobody was told that it has started. */
  readonly id?: ExecutionId;
  readonly view?: ExecutionView;
  readonly error?: unknown;
}

/** Starts the execution, or resumes the one that has been left; until it ends or the engine gives up. */
async function live(owned: OwnedStores, seed: number): Promise<Life> {
  const acknowledged: string[] = [];
  const told = (answers: AgentAnswers): AgentAnswers => ({
    ...answers,
    complete: async (handle, output) => {
      // An agent that dies with the engine does nothing about a refusal.
      const isTaken = await answers.complete(handle, output).then(
        () => true,
        () => false,
      );
      if (isTaken) acknowledged.push(readHandle(owned.handleSecret, handle)?.path ?? '');
    },
  });
  const { stores, isBusy } = createWaitingStores(owned);
  const world = createSimulatedWorld({
    seed,
    isBusy,
    createAgents: (inWorld, answers) =>
      createScriptedAgents(inWorld, told(answers), { script: scenario.script, onCall: () => undefined }),
  });
  const runtime = createEmbeddedRuntime({ stores, world });
  const begin = async () => {
    const [left] = await stores.ledger.listOpenExecutions();
    if (left === undefined) return runtime.start({ ...(await runtime.publish(own)), input: {} });
    await runtime.resume(left);
    return left;
  };
  const fate: { id?: ExecutionId; view?: ExecutionView; error?: unknown } = {};
  begin()
    .then((id) => runtime.whenEnded((fate.id = id)))
    .then(
      (view) => (fate.view = view),
      (error: unknown) => (fate.error = error),
    );
  await world.runUntil(() => fate.view !== undefined || fate.error !== undefined);
  runtime.close();
  return { acknowledged, ...fate };
}

/** A life on a disk that fails, and one after the disk was put in order. */
async function twoLives(fail: (owned: OwnedStores) => void, mend: () => void = () => undefined) {
  const path = join(temporaryDirectory(), 'skein.db');
  const failing = await openOwnedStores(path, () => 'secret');
  fail(failing);
  const first = await live(failing, 1);
  failing.close();
  mend();
  const owned = await openOwnedStores(path, () => 'secret');
  await catchUpViews(owned);
  const tasks = first.id ? await owned.ledger.listTasks(first.id) : [];
  const settled = tasks.flatMap(({ path: task, status }) => (status === 'succeeded' ? [task as string] : []));
  // It may have ended, and only its last view was not written.
  const kept = first.id && (await owned.ledger.findExecution(first.id));
  const last = kept && isTerminal(kept.status) ? first : await live(owned, 2);
  if (!last.id) throw last.error;
  const reader = createReader(owned, () => true);
  const ending = { status: (await reader.view(last.id)).status, violations: await reader.verify(last.id) };
  owned.close();
  return { path, first, settled, ending };
}

type Lives = Awaited<ReturnType<typeof twoLives>>;

/** The first life gave up, said what and where it is and what to do, and lost nothing of what it had acknowledged. */
function expectToHaveGivenUp({ path, first, settled, ending }: Lives, code: string): void {
  expect(first.error).toBeInstanceOf(EngineError);
  expect(first.error).toMatchObject({
    code,
    details: { path },
    hint: expect.stringContaining('skein resume') as string,
  });
  expect(settled).toEqual(expect.arrayContaining([...first.acknowledged]));
  expect(ending).toEqual({ status: 'succeeded', violations: [] });
}

const realSync = fs.fdatasync;

/** From the n-th wait for the disk on; `for`: so many of them. */
function failSyncs(nth: number, count: number): void {
  let syncs = 0;
  const failing = (descriptor: number, done: (error: NodeJS.ErrnoException | null) => void): void => {
    syncs += 1;
    const fails = syncs >= nth && syncs < nth + count;
    realSync(descriptor, (error) => done(fails ? Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }) : error));
  };
  fs.fdatasync = failing as typeof fs.fdatasync;
  syncBuiltinESMExports();
}

function mendSyncs(): void {
  fs.fdatasync = realSync;
  syncBuiltinESMExports();
}

afterEach(mendSyncs);

describe('an execution on a disk that fails', () => {
  it('stops when the disk is full, wherever that is, and is resumed once there is room', async () => {
    const acknowledged = new Set<number>();
    let spare = 0;
    for (; ; spare += 1) {
      const lives = await twoLives(({ database }) => {
        const used = Number(database?.prepare('PRAGMA page_count').get()?.['page_count']);
        database?.prepare(`PRAGMA max_page_count = ${used + spare}`).get();
      });
      if (lives.first.view) break;
      expectToHaveGivenUp(lives, 'disk_full');
      acknowledged.add(lives.first.acknowledged.length);
    }

    expect(spare).toBeGreaterThan(20);
    expect(acknowledged.size).toBeGreaterThan(3);
  });

  it.each([1, Infinity])(
    'stops when the disk does not keep what it was given, %d times, and is resumed',
    async (times) => {
      let nth = 1;
      for (; ; nth += 1) {
        // Opening the database waits for the disk as well.
        const lives = await twoLives(() => failSyncs(nth, times), mendSyncs);
        if (lives.first.view) break;
        expectToHaveGivenUp(lives, 'database_io_error');
      }

      expect(nth).toBeGreaterThan(8);
    },
  );
});
