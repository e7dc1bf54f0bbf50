import { verifyHistory, type AnomalyName, type History } from '../../../core/projections/index.ts';
import type { TaskRecord } from '../../../core/execution/index.ts';

/** Each anomaly once. */
export const namesOf = (history: History): AnomalyName[] => [
  ...new Set(verifyHistory(history).map((violation) => violation.name)),
];

/** "lint: It is still parked …" */
export const saidOf = (history: History, name: AnomalyName): string[] =>
  verifyHistory(history).flatMap((it) => (it.name === name ? [`${it.path || 'the execution'}: ${it.message}`] : []));

export function withTask(records: readonly TaskRecord[], path: string, change: Partial<TaskRecord>): TaskRecord[] {
  return records.map((task) => (task.path === path ? { ...task, ...change } : task));
}
