import { executionId, type ExecutionId, type TaskPath } from '../ids/index.ts';
import { digestOfText } from '../json/index.ts';

/** `exec_` and the digits of the time, which come first. */
const TIME_LENGTH = 15;
const RANDOM_LENGTH = 16;
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The id of the execution that a task starts: the same for the same task, and it sorts with its parent. */
export function childExecutionId(parent: ExecutionId, path: TaskPath): ExecutionId {
  const digest = digestOfText(`${parent}/${path}`);
  const digitAt = (at: number): string => DIGITS.charAt(Number.parseInt(digest.slice(2 * at, 2 * at + 2), 16) % 32);
  const random = Array.from({ length: RANDOM_LENGTH }, (_, at) => digitAt(at));
  return executionId(parent.slice(0, TIME_LENGTH) + random.join(''));
}
