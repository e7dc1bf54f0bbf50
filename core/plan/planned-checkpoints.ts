import type { TaskDocument } from '../definition/index.ts';
import type { CheckpointTask, PlannedApproval } from './plan.ts';

/** The checkpoint of a task stands in the plan under a name that no author can give. */
const CHECKPOINT = '.checkpoint';

/** A task as the plan's graph has it. */
export interface Member {
  readonly task: TaskDocument;
  /** It is the checkpoint of this task; absent: it is the author's own. */
  readonly of?: TaskDocument;
}

/**
 * The tasks of a region with their checkpoints, each right behind its task. Edges that lead out of a task lead out of its checkpoint, which comes
 * out as the task did unless somebody says no: so every join counts what it has counted before.
 */
export function withCheckpoints(tasks: readonly TaskDocument[]): readonly Member[] {
  const guarded = new Set(tasks.filter(hasCheckpoint).map(({ id }) => id));
  if (guarded.size === 0) return tasks.map((task) => ({ task }));
  const behind = (id: string): string => (guarded.has(id) ? id + CHECKPOINT : id);
  return tasks.flatMap((task): Member[] => {
    const moved = { ...task, depends_on: task.depends_on.map(({ task: id, on }) => ({ task: behind(id), on })) };
    return guarded.has(task.id) ? [{ task: moved }, checkpointOf(task)] : [{ task: moved }];
  });
}

function hasCheckpoint({ checkpoint_after: said }: TaskDocument): boolean {
  return said !== undefined && said !== false;
}

/** With one dependency `any_success` runs after a success, is skipped after a skip, and cannot run after anything else. */
function checkpointOf(of: TaskDocument): Member {
  const { continue_on_failure } = of;
  const task: TaskDocument = {
    id: of.id + CHECKPOINT,
    depends_on: [{ task: of.id, on: 'success' }],
    join: 'any_success',
    ...(continue_on_failure !== undefined && { continue_on_failure }),
  };
  return { task, of };
}

/** What the checkpoint of a task does. `wholeTimeout`: seconds that the whole execution has. */
export function plannedCheckpoint(
  { id, checkpoint_after: said }: TaskDocument,
  wholeTimeout: number,
): Pick<CheckpointTask, 'kind' | 'of' | 'approve'> {
  const asked = typeof said === 'object' ? said.approve : undefined;
  if (!asked) return { kind: 'checkpoint', of: id };
  const { by = [], timeout = wholeTimeout, on_timeout: onTimeout = 'reject', form } = asked;
  const approve = { ...addresseesOf(by), timeout, onTimeout, ...(form && { form }) };
  return { kind: 'checkpoint', of: id, approve };
}

const ROLE = 'role:';

/** `role:lead` is whoever has the role; anything else is somebody's name. */
function addresseesOf(by: readonly string[]): Pick<PlannedApproval, 'roles' | 'assignees'> {
  const roles = by.filter((one) => one.startsWith(ROLE)).map((one) => one.slice(ROLE.length));
  const assignees = by.filter((one) => !one.startsWith(ROLE));
  return { ...(roles.length > 0 && { roles }), ...(assignees.length > 0 && { assignees }) };
}
