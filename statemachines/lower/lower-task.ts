import { textLiteral } from '../asl/text-literal.ts';
import type { BranchWriter } from '../asl/branch-writer.ts';
import { placeholders, tokenCall } from './calls.ts';
import { reading } from './lower-loop.ts';

export interface TaskCall {
  /** Id of the task, or of an item of a static fan-out. */
  readonly task: string;
  readonly name: string;
  /** The variables of the loops around it, outermost first. */
  readonly rounds: readonly string[];
}

/**
 * One token state a task. Its failure flows on to whatever follows, where admission decides what it means; only what no task
 * catches leaves the branch. There is no Output: the engine answers with little, and a cause may be large.
 */
export function lowerTask({ task, name, rounds }: TaskCall, writer: BranchWriter): void {
  const payload = { task: textLiteral(task), ...(rounds.length > 0 && { rounds: rounds.map(reading) }) };
  writer.append(name, ({ transition, afterCatch }) => ({
    ...tokenCall(placeholders.dispatch, payload),
    Catch: [{ ErrorEquals: ['TaskFailed'], Output: {}, Next: afterCatch() }],
    ...transition,
  }));
}
