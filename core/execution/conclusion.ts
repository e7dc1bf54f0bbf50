import type { TaskError } from '../agents/index.ts';
import { parseItemPath, regionOf } from '../ids/index.ts';
import { byOrder, errorOfMember } from './collection.ts';
import type { PlanIndex } from './plan-index.ts';
import type { ExecutionRecord, StopReason, TaskRecord } from './record.ts';
import type { TerminalExecutionStatus } from './status.ts';

export interface Conclusion {
  readonly status: TerminalExecutionStatus;
  readonly error?: TaskError;
}

type Stopping = NonNullable<ExecutionRecord['stopping']>;

const stopped: Record<StopReason, TerminalExecutionStatus> = {
  failure: 'failed',
  engine_error: 'failed',
  cancel: 'cancelled',
  timeout: 'timed_out',
};

/** How an execution ends whose tasks have all settled. */
export function concludeExecution(
  execution: ExecutionRecord,
  tasks: readonly TaskRecord[],
  index: PlanIndex,
): Conclusion {
  const failure = firstFailure(tasks, index);
  const { stopping } = execution;
  if (!stopping) return failure ? { status: 'failed', error: failure } : { status: 'succeeded' };
  return { status: stopped[stopping.reason], error: stopError(stopping, failure) };
}

/** The failure that came first, of a task of the outermost region that may not fail alone. */
function firstFailure(tasks: readonly TaskRecord[], index: PlanIndex): TaskError | undefined {
  const [first, ...others] = tasks
    .filter(({ status, path }) => status === 'failed' && regionOf(path) === '' && !parseItemPath(path))
    .filter(({ path }) => !index.taskAt(path).continueOnFailure)
    .sort(byOrder);
  return first?.error && errorOfMember(first, others.length);
}

function stopError({ reason, by }: Stopping, failure: TaskError | undefined): TaskError {
  switch (reason) {
    case 'cancel':
      return { name: 'Cancelled', message: by === undefined ? 'Cancelled.' : `Cancelled by ${by}.` };
    case 'timeout':
      return { name: 'ExecutionTimeout', message: 'The execution did not end within its timeout.' };
    case 'failure':
    case 'engine_error':
      return failure ?? { name: 'EngineError', message: 'The machine ended before every task had settled.' };
  }
}
