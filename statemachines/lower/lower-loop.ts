import type { LoopTask } from '../../core/plan/index.ts';
import { textLiteral } from '../asl/text-literal.ts';
import type { BranchWriter } from '../asl/branch-writer.ts';
import { placeholders, tokenCall } from './calls.ts';
import { loopCondition } from './loop-condition.ts';
import type { Lowering } from './lowering.ts';

/**
 * A loop: its number is set to 0, the body runs, the engine is asked whether to go on, and a Choice goes back with the number raised
 * or on. The bound stands in the machine as well, so that its longest history can be read from it alone.
 */
export function lowerLoop(task: LoopTask, writer: BranchWriter, lowering: Lowering): void {
  const { id, maxIterations, region } = task;
  const round = lowering.roundOf(id);
  const [iterate, again] = [lowering.claim(`${id}.iterate`), lowering.claim(`${id}.again`)];
  writer.append(lowering.nameOf(id), ({ transition }) => ({ Type: 'Pass', Assign: { [round]: 0 }, ...transition }));
  const body = writer.length;
  lowering.lower(region.skeleton, writer);
  const rounds = [...lowering.roundsAround(id), round].map(reading);
  writer.append(iterate, ({ transition, afterCatch }) => ({
    ...tokenCall(placeholders.dispatch, { task: textLiteral(id), step: 'iterate', rounds }),
    Output: '{% $states.result %}',
    // A loop that failed has no answer to go back with: the Choice leads on.
    Catch: [{ ErrorEquals: ['TaskFailed'], Output: {}, Next: afterCatch() }],
    ...transition,
  }));
  writer.append(again, ({ afterCatch }) => ({
    Type: 'Choice',
    Choices: [
      {
        Condition: loopCondition(round, maxIterations),
        Assign: { [round]: `{% $${round} + 1 %}` },
        Next: writer.nameAt(body),
      },
    ],
    Default: afterCatch(),
  }));
}

/** Reads a variable. */
export function reading(variable: string): string {
  return `{% $${variable} %}`;
}
