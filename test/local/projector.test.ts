import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore, createMemoryViewStore } from '../../adapters/embedded/index.ts';
import { executionId } from '../../core/ids/index.ts';
import { foldEvents, type ExecutionView } from '../../core/projections/index.ts';
import { createProjector } from '../../local/projector.ts';
import { assigned, begun, completed, ended, openEventLog, started } from '../makers/event-log.ts';

const id = executionId('exec_1');

/** A whole life: the execution and its one task `b`. */
const life = () =>
  openEventLog()
    .add('', started)
    .add('', begun)
    .add('b', assigned(), [''])
    .add('b', completed())
    .add('', ended(), ['b']).events;

function openProjector() {
  const ledger = createMemoryLedgerStore();
  const stored = createMemoryViewStore();
  const puts: ExecutionView[] = [];
  const waiting: { readonly delay: number; readonly run: () => void }[] = [];
  const heard = { ended: [] as ExecutionView[], errors: [] as unknown[] };
  const disk = { isBroken: false };
  const views = {
    ...stored,
    put: async (view: ExecutionView) => {
      if (disk.isBroken) throw new Error('the disk is full');
      puts.push(view);
      await stored.put(view);
    },
  };
  const projector = createProjector({
    ledger,
    views,
    later: (delay, run) => {
      const due = { delay, run };
      waiting.push(due);
      return () => {
        if (waiting.includes(due)) waiting.splice(waiting.indexOf(due), 1);
      };
    },
    onEnded: (view) => heard.ended.push(view),
    onError: (error) => heard.errors.push(error),
  });
  /** Runs what waits, as after the delay. */
  const passTime = () => waiting.splice(0).forEach(({ run }) => run());
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { projector, ledger, views, puts, waiting, heard, disk, passTime, settled };
}

describe('createProjector', () => {
  it('stores the first view at once, and then one for many events', () => {
    const { projector, puts, waiting, passTime } = openProjector();
    const [start, begin, assign, complete] = life();

    projector.listen([start!]);
    projector.listen([begin!]);
    projector.listen([assign!]);
    projector.listen([complete!]);
    const before = puts.map(({ events }) => events);
    const delays = waiting.map(({ delay }) => delay);
    passTime();

    expect(before).toEqual([1]);
    expect(delays).toEqual([250]);
    expect(puts.at(-1)).toEqual(foldEvents(life().slice(0, 4)));
  });

  it('stores a view of many tasks more rarely', () => {
    const { projector, waiting, passTime } = openProjector();
    const log = openEventLog().add('', started).add('', begun);
    for (let task = 0; task < 1_000; task += 1) log.add(`t${task}`, assigned(), ['']);

    projector.listen(log.events);
    const first = waiting.map(({ delay }) => delay);
    passTime();
    projector.listen(log.add('t0', completed()).events.slice(-1));

    expect(first).toEqual([250]);
    expect(waiting.map(({ delay }) => delay)).toEqual([350]);
  });

  it('stores the last view at once, tells of it when it is stored, and writes nothing after it', async () => {
    const { projector, puts, heard, passTime, settled, views } = openProjector();

    projector.listen(life());
    const early = heard.ended.length;
    await settled();
    passTime();

    expect(early).toBe(0);
    expect(heard.ended).toEqual([foldEvents(life())]);
    expect(await views.find(id)).toEqual(foldEvents(life()));
    expect(puts.map(({ status }) => status)).toEqual(['planning', 'succeeded']);
  });

  it('leaves nothing waiting behind an end', () => {
    const { projector, waiting } = openProjector();
    const events = life();

    projector.listen(events.slice(0, 2));
    const before = waiting.length;
    projector.listen(events.slice(2));

    expect([before, waiting.length]).toEqual([1, 0]);
  });

  it('goes on with an execution that another process has begun', async () => {
    const { projector, ledger, heard, settled } = openProjector();
    const events = life();
    await ledger.commit(events.slice(0, 3).map((event) => ({ kind: 'event', event })));

    await projector.adopt(id);
    await projector.adopt(id);
    projector.listen(events.slice(3));
    await settled();

    expect(heard.ended).toEqual([foldEvents(life())]);
  });

  it('keeps what it has heard of an adopted execution while a second adoption was still reading', async () => {
    const { projector, ledger, heard, settled } = openProjector();
    const events = life();
    await ledger.commit(events.slice(0, 3).map((event) => ({ kind: 'event', event })));
    const second = Promise.withResolvers<unknown>();
    const read = await ledger.listEvents(id);
    ledger.listEvents = () => second.promise.then(() => read);
    const late = projector.adopt(id);
    ledger.listEvents = () => Promise.resolve(read);
    await projector.adopt(id);

    projector.listen(events.slice(3, 4));
    second.resolve(undefined);
    await late;
    projector.listen(events.slice(4));
    await settled();

    expect(heard.ended).toEqual([foldEvents(life())]);
  });

  it('stores no view of an execution of which it has not seen the beginning', async () => {
    const { projector, ledger, puts, heard, passTime, settled } = openProjector();
    const events = life();
    await ledger.commit(events.slice(0, 4).map((event) => ({ kind: 'event', event })));

    // An agent of a dead process answers before anybody has resumed its execution.
    projector.listen(events.slice(3, 4));
    passTime();
    const before = puts.length;
    await projector.adopt(id);
    projector.listen(events.slice(4));
    await settled();

    expect(before).toBe(0);
    expect(heard).toEqual({ ended: [foldEvents(life())], errors: [] });
  });

  it('has nothing to go on with for an execution that nobody has begun', async () => {
    const { projector, puts, passTime } = openProjector();

    await projector.adopt(executionId('exec_unknown'));
    passTime();

    expect(puts).toEqual([]);
  });

  it('reports a view that cannot be stored, and says of no execution that it has ended unseen', async () => {
    const { projector, heard, disk, settled } = openProjector();
    disk.isBroken = true;

    projector.listen(life());
    await settled();

    expect(heard.ended).toEqual([]);
    expect(heard.errors).toEqual([new Error('the disk is full'), new Error('the disk is full')]);
  });
});
