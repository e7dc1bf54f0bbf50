import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import { ConflictError, InvariantError, UnavailableError } from '../../core/errors/index.ts';
import type { Timer, LedgerStore } from '../../core/ports/index.ts';
import { taskPath } from '../../core/ids/index.ts';
import { createDeadLetters, createRedrive } from '../../local/dead-letters.ts';
import { createEngineHarness } from '../makers/engine-harness.ts';

/** A ledger that fails whoever reads a task, as long as it is told to. */
function fragile() {
  const ledger = createMemoryLedgerStore();
  const state: { error: Error | undefined } = { error: undefined };
  const findTask: LedgerStore['findTask'] = async (...asked) => {
    if (state.error) throw state.error;
    return ledger.findTask(...asked);
  };
  return { ledger: { ...ledger, findTask }, state };
}

const bug = new InvariantError({ code: 'a_bug', message: 'This cannot be.' });

async function open() {
  const { ledger, state } = fragile();
  const harness = await createEngineHarness({ tasks: [{ id: 'lint', timeout: 60 }] }, { ledger });
  const execution = await harness.begin();
  await harness.dispatch(execution, 'lint');
  const lost: unknown[] = [];
  const known = { engine: () => harness.engine, tenant: 'local', engineId: 'eng_1', handleSecret: 'secret' };
  const letters = createDeadLetters({ ...known, onLost: (error) => lost.push(error) });
  const timer: Timer = { kind: 'attempt_timeout', execution, path: taskPath('lint'), attempt: 1 };
  return { harness, execution, letters, redrive: createRedrive(known), lost, timer, state };
}

async function failures(times: number, deliver: () => Promise<void>): Promise<number> {
  let failed = 0;
  for (let time = 0; time < times; time += 1) await deliver().catch(() => (failed += 1));
  return failed;
}

describe('a timer that cannot be delivered', () => {
  it('fails four times, and is an incident with the fifth', async () => {
    const { harness, execution, letters, timer, state } = await open();
    state.error = bug;

    const failed = await failures(5, () => letters.deliver(timer));

    expect(failed).toBe(4);
    expect(await harness.engine.listIncidents()).toMatchObject([
      { source: 'timers', reason: 'This cannot be.', execution, task: 'lint', status: 'open', letters: 1 },
    ]);
  });

  it('acts when it is redriven and what was wrong is mended', async () => {
    const { harness, execution, letters, redrive, timer, state } = await open();
    state.error = bug;
    await failures(5, () => letters.deliver(timer));
    const [incident] = await harness.engine.listIncidents();
    if (!incident) throw new Error('there is one');
    expect(incident.body).toEqual({ inline: timer });
    harness.clock.advanceBy(60_000);
    state.error = undefined;

    expect(await redrive(incident, { ...timer })).toBe(true);
    await harness.quiet();

    expect(await harness.task(execution, 'lint')).toMatchObject({
      status: 'failed',
      error: { name: 'AttemptTimeout' },
    });
  });

  it('is never given up while the ledger is out of reach', async () => {
    const { harness, letters, timer, state } = await open();
    state.error = new UnavailableError({ code: 'disk_full', message: 'No room.' });

    expect(await failures(20, () => letters.deliver(timer))).toBe(20);

    expect(await harness.engine.listIncidents()).toEqual([]);
  });

  it('begins anew after a delivery that went well', async () => {
    const { letters, timer, state } = await open();
    state.error = bug;
    await failures(4, () => letters.deliver(timer));
    state.error = undefined;
    await letters.deliver(timer);
    state.error = bug;

    expect(await failures(4, () => letters.deliver(timer))).toBe(4);
  });
});

describe('an answer that the engine fails of', () => {
  it('is kept without its handle, and settles its task when it is redriven', async () => {
    const { harness, execution, letters, redrive } = await open();
    const handle = harness.handle(execution, 'lint');

    await letters.keepAnswer(handle, { kind: 'complete', output: { clean: true } }, bug);

    const [incident] = await harness.engine.listIncidents();
    expect(incident).toMatchObject({ source: 'answers', execution, task: 'lint' });
    expect(JSON.stringify(incident)).not.toContain(handle);
    const body = incident && 'inline' in incident.body ? incident.body.inline : null;
    if (incident) await redrive(incident, body);
    await harness.quiet();
    expect(await harness.task(execution, 'lint')).toMatchObject({
      status: 'succeeded',
      output: { inline: { clean: true } },
    });
  });

  it.each([
    ['late', new ConflictError({ code: 'attempt_not_live', message: 'Too late.' })],
    ['refused while nothing can be written', new UnavailableError({ code: 'disk_full', message: 'No room.' })],
  ])('is none when it is %s', async (_what, error) => {
    const { harness, execution, letters } = await open();

    await letters.keepAnswer(harness.handle(execution, 'lint'), { kind: 'complete', output: 1 }, error);

    expect(await harness.engine.listIncidents()).toEqual([]);
  });
});

describe('an engine that cannot promise to go on', () => {
  it('leaves an incident that is closed, and not redriven', async () => {
    const { harness, letters, redrive } = await open();

    letters.engineFailed(bug);
    await harness.quiet();

    const [incident] = await harness.engine.listIncidents();
    expect(incident).toMatchObject({ source: 'engine', reason: 'This cannot be.' });
    expect(incident && (await redrive(incident, null))).toBe(false);
  });
});
