import { createMemoryLedgerStore, executionOf, type LedgerJournal } from '../../adapters/embedded/index.ts';
import { isTerminal, type ExecutionRecord, type SkeinEvent, type TaskRecord } from '../../core/execution/index.ts';
import type { CheckpointId, ExecutionId, TaskPath } from '../../core/ids/index.ts';
import type { LedgerStore, LedgerWrite } from '../../core/ports/index.ts';

/** What is durable outlives the processes that write it: commits, in their order. */
export interface MemoryDisk {
  /** What is durable. */
  readonly ledger: LedgerStore;
  readonly write: (commit: readonly LedgerWrite[]) => void;
  readonly loads: Omit<LedgerJournal, 'append'>;
  /** What is durable, to be looked at without waiting. */
  readonly now: DurableNow;
}

export interface DurableNow {
  execution(id: ExecutionId): ExecutionRecord | undefined;
  task(id: ExecutionId, path: TaskPath): TaskRecord | undefined;
  hasEvent(event: SkeinEvent): boolean;
  hasBusEvent(id: string): boolean;
  hasCheckpoint(execution: ExecutionId, checkpoint: CheckpointId): boolean;
}

export function createMemoryDisk(): MemoryDisk {
  const ledger = createMemoryLedgerStore();
  const log: LedgerWrite[] = [];
  const last = new Map<string, LedgerWrite>();
  const of = (id: ExecutionId) => log.filter((write) => executionOf(write) === id);
  const now: DurableNow = {
    execution: (id) => {
      const found = last.get(`execution ${id}`);
      return found?.kind === 'execution' ? found.record : undefined;
    },
    task: (id, path) => {
      const found = last.get(`task ${id} ${path}`);
      return found?.kind === 'task' ? found.record : undefined;
    },
    hasEvent: (event) => {
      const found = last.get(keyOf({ kind: 'event', event }));
      return found?.kind === 'event' && JSON.stringify(found.event) === JSON.stringify(event);
    },
    hasBusEvent: (id) => last.has(`bus_event ${id}`),
    hasCheckpoint: (id, checkpoint) =>
      of(id).some(
        (write) =>
          write.kind === 'event' &&
          write.event.type === 'workflow.checkpoint_created' &&
          write.event.data.checkpoint === checkpoint,
      ),
  };
  return {
    ledger,
    now,
    write: (commit) => {
      log.push(...commit);
      for (const write of commit) last.set(keyOf(write), write);
      void ledger.commit(commit).then((result) => {
        if (result === 'conflict') throw new Error('A commit was accepted that the disk does not take.');
      });
    },
    loads: {
      isOpen: (id) => {
        const execution = now.execution(id);
        return execution !== undefined && !isTerminal(execution.status);
      },
      load: (id) => of(id).filter(({ kind }) => kind !== 'park' && kind !== 'unpark' && kind !== 'event'),
      loadEventNumbers: (id) =>
        of(id).flatMap((write) => (write.kind === 'event' ? [[write.event.path, write.event.n]] : [])),
      loadParked: () => log.filter(({ kind }) => kind === 'park' || kind === 'unpark'),
      loadControls: () => log.filter(({ kind }) => kind === 'control'),
      hasBusEvent: (id) => now.hasBusEvent(id),
      forgetControls: () => undefined,
    },
  };
}

/** Of those that DurableNow looks for. */
function keyOf(write: LedgerWrite): string {
  switch (write.kind) {
    case 'execution':
      return `execution ${write.record.id}`;
    case 'task':
      return `task ${write.record.execution} ${write.record.path}`;
    case 'event':
      return `event ${write.event.execution} ${write.event.path} ${write.event.n}`;
    case 'bus_event':
      return `bus_event ${write.event.id}`;
    default:
      return write.kind;
  }
}
