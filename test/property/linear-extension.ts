import type { WorkflowDocument } from '../makers/scenario.ts';
import type { ObservedTask } from './observed.ts';
import { edgeValue } from './rules.ts';

type Settled = Pick<ObservedTask, 'path' | 'status'>;

/**
 * Is the order in which tasks settled one that the graph allows? A task settles after each of its dependencies, save one
 * that had no need to wait: it was cancelled by a stop, it ran on enough good news (`any_success`, `quorum`), or one bad
 * dependency decided for it. Even then it comes after as many as it needed. A fan-out settles after its items.
 */
export function checkLinearExtension(document: WorkflowDocument, order: readonly Settled[]): string[] {
  const position = new Map(order.map(({ path }, index) => [path, index]));
  const statusOf = new Map(order.map(({ path, status }) => [path, status]));
  const entries = order.filter(({ status }) => status !== 'cancelled');
  return entries.flatMap(({ path, status }) => {
    const task = document.workflow.tasks.find(({ id }) => path === id || path.startsWith(`${id}[`));
    const own = position.get(path)!;
    const edges = (task?.depends_on ?? []).map((edge) =>
      typeof edge === 'string' ? { task: edge, on: 'success' } : edge,
    );
    const early = edges.filter((edge) => (position.get(edge.task) ?? Infinity) < own);
    const values = early.map((edge) => edgeValue(edge.on, statusOf.get(edge.task)!));
    const late = edges.filter((edge) => !early.includes(edge)).map((edge) => edge.task);
    const items = order.slice(own).filter((entry) => entry.path.startsWith(`${path}[`));
    return [
      ...(late.length === 0 || mayBeFirst(task?.join, status, values)
        ? []
        : [`${path} settled before ${late.join(', ')}`]),
      ...items.map((item) => `${path} settled before ${item.path}`),
    ];
  });
}

function mayBeFirst(
  join: string | { readonly quorum: number } | undefined,
  status: ObservedTask['status'],
  early: readonly string[],
): boolean {
  const good = early.filter((value) => value === 'ok').length;
  if (join === 'any_success') return good >= 1;
  if (typeof join === 'object') return good >= join.quorum;
  if (join === 'all_done') return false;
  return status === 'upstream_failed' && early.includes('bad');
}
