import { isTerminal, type ExecutionRecord } from '../../core/execution/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { CommitResult, LedgerStore, LedgerWrite } from '../../core/ports/index.ts';
import { createLedgerContents, type LedgerContents } from './ledger-contents.ts';
import { executionOf, requireOneCommit } from './ledger-item.ts';
import type { LedgerJournal } from './ledger-journal.ts';

/** What can be read of a ledger. */
export type StoredLedger = Omit<LedgerStore, 'commit' | 'durable'>;

export interface OwnedLedger extends LedgerStore {
  /** Takes away control records that nobody misses from this time on (epoch milliseconds): answers in the cache that are over. */
  forgetControls(now: number): void;
}

/**
 * The ledger of the process that owns a database. What is open stands in memory: conditions are checked and reads are answered there, at
 * once, and the disk follows in the same order. So an answer and what it sets in motion share one wait for the disk, where a ledger that
 * reads what it has stored waits for each. After a commit is lost nothing is accepted any more: what is in memory
 * rests on it.
 *
 * `stored` reads what is durable, for executions that have ended and for events, which are not kept in memory.
 */
export function createMirroredLedgerStore(journal: LedgerJournal, stored: StoredLedger): OwnedLedger {
  const { contents, isHere, accept, durable } = createMirror(journal);
  return {
    forgetControls: (now) => {
      contents.forgetControls(now);
      journal.forgetControls(now);
    },
    commit: async (writes) => {
      requireOneCommit(writes);
      return accept(writes);
    },
    durable,
    findExecution: async (id) => (isHere(id) ? contents.findExecution(id) : stored.findExecution(id)),
    findTask: async (id, path) => (isHere(id) ? contents.findTask(id, path) : stored.findTask(id, path)),
    findTasks: async (id, paths) =>
      isHere(id) ? paths.map((path) => contents.findTask(id, path)) : stored.findTasks(id, paths),
    listTasks: async (id) => (isHere(id) ? contents.listTasks(id) : stored.listTasks(id)),
    findLimit: async (id, limit) => (isHere(id) ? contents.findLimit(id, limit) : stored.findLimit(id, limit)),
    findControl: async (key) => contents.findControl(key),
    listControls: async (folder) => contents.listControls(folder),
    listWatches: async (id, producer) =>
      isHere(id) ? contents.listWatches(id, producer) : stored.listWatches(id, producer),
    listParked: async (key, limit) => contents.listParked(key, limit),
    listBusEvents: async (type, since) => {
      await durable();
      return stored.listBusEvents(type, since);
    },
    listEvents: async (id) => {
      await durable();
      return stored.listEvents(id);
    },
    listOpenExecutions: async () => {
      await durable();
      return stored.listOpenExecutions();
    },
  };
}

interface Mirror {
  readonly contents: LedgerContents;
  /** Does it stand in memory? What is open does, from the first look on. */
  readonly isHere: (id: ExecutionId) => boolean;
  readonly accept: (writes: readonly LedgerWrite[]) => CommitResult;
  readonly durable: () => Promise<void>;
}

function createMirror(journal: LedgerJournal): Mirror {
  const contents = createLedgerContents();
  for (const write of [...journal.loadParked(), ...journal.loadControls()]) contents.put(write);
  const tail = createTail(journal, contents);
  /** Commits of each execution that stands in memory. */
  const inMemory = new Map<ExecutionId, number>();

  function load(id: ExecutionId): void {
    if (inMemory.has(id)) return;
    for (const write of journal.load(id)) contents.put(write);
    for (const [path, n] of journal.loadEventNumbers(id)) contents.countEvents(id, path, n);
    inMemory.set(id, 0);
  }

  /** Of what has ended, once nothing of it is only in memory. */
  async function letGo(id: ExecutionId): Promise<void> {
    const commits = inMemory.get(id);
    await tail.durable();
    if (inMemory.get(id) !== commits) return;
    contents.drop(id);
    inMemory.delete(id);
  }

  return {
    contents,
    durable: tail.durable,
    isHere: (id) => {
      if (!inMemory.has(id) && journal.isOpen(id)) load(id);
      return inMemory.has(id);
    },
    accept: (writes) => {
      tail.requireWhole();
      const executions = new Set(writes.flatMap((write) => executionOf(write) ?? []));
      for (const id of executions) load(id);
      if (writes.some((write) => write.kind === 'bus_event' && journal.hasBusEvent(write.event.id))) return 'conflict';
      const isAccepted = contents.accept(writes);
      if (isAccepted) tail.append(writes);
      for (const id of executions) {
        inMemory.set(id, (inMemory.get(id) ?? 0) + 1);
        // A commit that is lost is told by `durable`.
        if (isEnded(contents.findExecution(id))) letGo(id).catch(() => undefined);
      }
      return isAccepted ? 'committed' : 'conflict';
    },
  };
}

/** What was accepted and is on its way to the disk. */
interface Tail {
  readonly append: (writes: readonly LedgerWrite[]) => void;
  readonly durable: () => Promise<void>;
  /** Throws what a commit was lost for. */
  readonly requireWhole: () => void;
}

function createTail(journal: LedgerJournal, contents: LedgerContents): Tail {
  let appended: Promise<void> = Promise.resolve();
  let lost: { readonly error: unknown } | undefined;
  const requireWhole = (): void => {
    if (lost) throw lost.error;
  };
  return {
    requireWhole,
    append: (writes) => {
      const busEvents = writes.flatMap((write) => (write.kind === 'bus_event' ? [write.event.id] : []));
      appended = journal.append(writes);
      appended.then(
        // From now on the journal knows them.
        () => busEvents.forEach(contents.dropBusEvent),
        (error: unknown) => {
          lost ??= { error };
        },
      );
    },
    durable: async () => {
      await appended;
      requireWhole();
    },
  };
}

const isEnded = (record: ExecutionRecord | undefined): boolean => record !== undefined && isTerminal(record.status);
