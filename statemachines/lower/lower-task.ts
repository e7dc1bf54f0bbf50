import { textLiteral } from '../asl/text-literal.ts';
import type { BranchWriter } from '../asl/branch-writer.ts';
import { placeholders, tokenCall } from './calls.ts';

/**
 * One token state a task. Its failure flows on to whatever follows, where admission decides what it means; only what no task
 * catches leaves the branch. There is no Output: the engine answers with little, and a cause may be large.
 */
export function lowerTask(path: string, name: string, writer: BranchWriter): void {
  writer.append(name, ({ transition, afterCatch }) => ({
    ...tokenCall(placeholders.dispatch, { task: textLiteral(path) }),
    Catch: [{ ErrorEquals: ['TaskFailed'], Output: {}, Next: afterCatch() }],
    ...transition,
  }));
}
