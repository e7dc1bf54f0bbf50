import type { Finding, Path } from '../../definition/index.ts';
import { outwards, pathTo, type PlacedTask } from '../region.ts';
import { forEachTask, type RuleContext } from '../rule.ts';
import { callsAgent } from '../task-kind.ts';

/** VAL214: what takes time can use it up. */
export function* timeoutsFit({ workflow, tasks }: RuleContext): Generator<Finding> {
  const whole = workflow.timeout;
  if (whole === undefined) return;
  const tooLong = function* (what: string, seconds: number | undefined, path: Path): Generator<Finding> {
    if (seconds === undefined || seconds <= whole) return;
    const related = [{ message: 'of the workflow', path: ['workflow', 'timeout'] }];
    yield { code: 'VAL214', message: `${what} ${seconds} s, and the whole workflow ${whole} s.`, path, related };
  };
  yield* tooLong('A task may take', workflow.defaults?.timeout, ['workflow', 'defaults', 'timeout']);
  for (const placed of tasks) {
    const { id, timeout, wait, checkpoint_after: checkpoint } = placed.task;
    const decision = typeof checkpoint === 'object' ? checkpoint.approve?.timeout : undefined;
    yield* tooLong(`\`${id}\` may take`, timeout, pathTo(placed, 'timeout'));
    yield* tooLong(`\`${id}\` may wait`, wait?.timeout, pathTo(placed, 'wait', 'timeout'));
    const ofDecision = pathTo(placed, 'checkpoint_after', 'approve', 'timeout');
    yield* tooLong(`The decision after \`${id}\` may take`, decision, ofDecision);
    yield* tooLong(`\`${id}\` waits`, wait?.seconds, pathTo(placed, 'wait', 'seconds'));
  }
}

/** LINT907: a loop has the time for all its iterations, even when each takes as long as it may. */
export const iterationsFit = forEachTask(function* (placed, context) {
  const { id, loop } = placed.task;
  const whole = context.workflow.timeout;
  if (!loop || whole === undefined) return;
  const rounds = outwards(placed).reduce((product, { task }) => product * (task.loop?.max_iterations ?? 1), 1);
  const longest = Math.max(0, ...placed.inner.flatMap((body) => body.tasks.map((task) => secondsOf(task, context))));
  // A single task that is longer than the workflow is reported by itself.
  if (longest > whole || rounds * longest <= whole) return;
  yield {
    code: 'LINT907',
    message: `\`${id}\` may need ${rounds * longest} s for ${rounds} iterations, and the whole workflow has ${whole} s.`,
    path: pathTo(placed, 'loop', 'max_iterations'),
    related: [{ message: 'of the workflow', path: ['workflow', 'timeout'] }],
  };
});

/** What the author grants it; the built-in default is nobody's estimate. */
function secondsOf({ task }: PlacedTask, { workflow }: RuleContext): number {
  const granted = task.timeout ?? task.wait?.timeout ?? task.wait?.seconds;
  return granted ?? (callsAgent(task) ? (workflow.defaults?.timeout ?? 0) : 0);
}

/** LINT910: a heartbeat is missed before the time is up. */
export const heartbeatsFit = forEachTask(function* (placed, { workflow }) {
  const { id, heartbeat, timeout = workflow.defaults?.timeout ?? 300 } = placed.task;
  if (heartbeat === undefined || heartbeat < timeout) return;
  yield {
    code: 'LINT910',
    message: `\`${id}\` has to be heard every ${heartbeat} s, and its time is up after ${timeout} s.`,
    path: pathTo(placed, 'heartbeat'),
  };
});
