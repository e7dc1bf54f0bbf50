import { checkpointId, executionId, type CheckpointId, type ExecutionId, type TaskPath } from '../ids/index.ts';
import { digestOfText } from '../json/index.ts';

const EXECUTION_PREFIX = 'exec_';
/** Digits of the time, which come first. */
const TIME_LENGTH = 10;
const RANDOM_LENGTH = 16;
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The id of the execution that a task starts: the same for the same task, and it sorts with its parent. */
export function childExecutionId(parent: ExecutionId, path: TaskPath): ExecutionId {
  return executionId(EXECUTION_PREFIX + digitsOf(parent, `${parent}/${path}`));
}

/** The id of the checkpoint of a pause, by the number of its execution's event: who pauses again after a crash finds the same. */
export function checkpointIdOf(execution: ExecutionId, event: number): CheckpointId {
  return checkpointId(`chk_${digitsOf(execution, `${execution}#${event}`)}`);
}

/** The time of the execution, then what follows from the text. */
function digitsOf(execution: ExecutionId, text: string): string {
  const digest = digestOfText(text);
  const digitAt = (at: number): string => DIGITS.charAt(Number.parseInt(digest.slice(2 * at, 2 * at + 2), 16) % 32);
  const time = execution.slice(EXECUTION_PREFIX.length, EXECUTION_PREFIX.length + TIME_LENGTH);
  return time + Array.from({ length: RANDOM_LENGTH }, (_, at) => digitAt(at)).join('');
}
