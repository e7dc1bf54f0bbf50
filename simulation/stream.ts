import type { ExecutionId } from '../core/ids/index.ts';
import type { LedgerWrite } from '../core/ports/index.ts';
import type { ChangeGroup } from '../functions/project-view/project-changes.ts';
import { TENANT } from './container.ts';

type StreamChange = ChangeGroup['changes'][number];

/** What the table's stream tells of a commit: where something was written that something may follow from. */
export function changesOf(writes: readonly LedgerWrite[]): readonly StreamChange[] {
  return writes.flatMap((write): StreamChange[] => {
    switch (write.kind) {
      case 'execution':
        return [{ tenant: TENANT, kind: 'execution', execution: write.record.id }];
      case 'task': {
        const { execution, path } = write.record;
        return [{ tenant: TENANT, kind: 'task', execution, path }];
      }
      case 'event': {
        const { execution, path, n } = write.event;
        return [{ tenant: TENANT, kind: 'event', execution, path, n }];
      }
      case 'bus_event':
        return [{ tenant: TENANT, kind: 'bus_event', type: write.event.type }];
      // Nothing follows from the others: they serve to find tasks by.
      default:
        return [];
    }
  });
}

/** By executions, as a batch is taken: they have nothing to do with one another. */
export function groupsOf(changes: readonly StreamChange[]): readonly ChangeGroup[] {
  const groups = new Map<ExecutionId | '', StreamChange[]>();
  for (const change of changes) {
    const key = 'execution' in change ? change.execution : '';
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups].map(([execution, of]) => ({
    tenant: TENANT,
    ...(execution !== '' && { execution }),
    changes: of,
  }));
}
