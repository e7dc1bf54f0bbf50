import type { Branch, Machine } from '../asl/asl.ts';
import { placeholders, requestCall, tokenCall } from './calls.ts';

/** What stands around the tasks of every machine: begin → work → conclude → verdict → succeeded or failed. */
export function frame(work: Branch, claim: (wish: string) => string): Machine {
  const [begin, around, conclude, verdict] = [claim('begin'), claim('work'), claim('conclude'), claim('verdict')];
  const [succeeded, failed] = [claim('succeeded'), claim('failed')];
  const { workflow, version } = placeholders;
  const input = '{% $states.context.Execution.Input %}';
  return {
    QueryLanguage: 'JSONata',
    StartAt: begin,
    States: {
      [begin]: { ...requestCall(placeholders.begin, { input, workflow, version }), Output: {}, Next: around },
      // Stopping costs one transition: what no task catches ends all branches here.
      [around]: {
        Type: 'Parallel',
        Branches: [work],
        Output: {},
        Catch: [{ ErrorEquals: ['States.ALL'], Output: {}, Next: conclude }],
        Next: conclude,
      },
      [conclude]: { ...tokenCall(placeholders.conclude, {}), Output: '{% $states.result %}', Next: verdict },
      [verdict]: {
        Type: 'Choice',
        Choices: [{ Condition: "{% $states.input.status = 'succeeded' %}", Next: succeeded }],
        Default: failed,
      },
      [succeeded]: { Type: 'Succeed' },
      [failed]: { Type: 'Fail', Error: '{% $states.input.status %}', Cause: '{% $states.input.cause %}' },
    },
  };
}
