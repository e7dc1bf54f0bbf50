import { InvariantError } from '../../core/errors/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { LedgerWrite } from '../../core/ports/index.ts';

/** DynamoDB's limit of a transaction, in items; the laptop keeps it so that nothing works here only. */
const MAX_ITEMS = 100;

/** Throws InvariantError when the writes could not be one commit on every adapter: the engine has a bug then. */
export function requireOneCommit(writes: readonly LedgerWrite[]): void {
  const items = writes.reduce((sum, { kind }) => sum + (kind === 'execution' || kind === 'bus_event' ? 2 : 1), 0);
  if (items > MAX_ITEMS) {
    const message = `a commit has ${items} items; ${MAX_ITEMS} is the most`;
    throw new InvariantError({ code: 'commit_too_large', message, details: { items } });
  }
  const seen = new Set<string>();
  for (const write of writes) {
    const item = itemOf(write);
    if (seen.has(item)) {
      const message = `a commit writes twice on ${item.replaceAll('\n', ' ')}`;
      throw new InvariantError({ code: 'item_written_twice', message, details: { item } });
    }
    seen.add(item);
  }
}

/** The item's key as one text. Newlines stand between its parts: no id, path or name contains one. */
export function itemOf(write: LedgerWrite): string {
  switch (write.kind) {
    case 'execution':
      return `execution\n${write.record.id}`;
    case 'task':
      return `task\n${write.record.execution}\n${write.record.path}`;
    case 'limit':
      return `limit\n${write.record.execution}\n${write.record.limit}`;
    case 'control':
      return `control\n${write.record.key}`;
    case 'event':
      return `event\n${write.event.execution}\n${write.event.path}\n${write.event.n}`;
    case 'bus_event':
      return `bus_event\n${write.event.id}`;
    case 'watch':
    case 'unwatch':
      return `watch\n${write.watch.execution}\n${write.watch.producer}\n${write.watch.consumer}`;
    case 'park':
    case 'unpark':
      return `parked\n${write.entry.key}\n${write.entry.arrival}\n${write.entry.path}\n${write.entry.execution}`;
  }
}

/** Undefined for what belongs to all of them. */
export function executionOf(write: LedgerWrite): ExecutionId | undefined {
  switch (write.kind) {
    case 'execution':
      return write.record.id;
    case 'task':
    case 'limit':
      return write.record.execution;
    case 'event':
      return write.event.execution;
    case 'watch':
    case 'unwatch':
      return write.watch.execution;
    case 'park':
    case 'unpark':
      return write.entry.execution;
    case 'control':
    case 'bus_event':
      return undefined;
  }
}
