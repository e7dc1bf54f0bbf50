import type { Finding } from '../../definition/index.ts';
import { constantCondition } from '../constant-condition.ts';
import { prospectsOf, type Prospect } from '../prospects.ts';
import { pathTo, producerAt, type PlacedTask } from '../region.ts';
import type { RuleContext } from '../rule.ts';

/** VAL215 and LINT905: each task runs in some execution, and each edge is taken in one. */
export function* reachability(context: RuleContext): Generator<Finding> {
  const prospect = prospectsOf(context);
  for (const placed of context.tasks) {
    const dead = [...deadEdges(placed, prospect)];
    yield* dead;
    if (constantCondition(placed.task.when, context) === false) {
      const message = `\`${placed.task.id}\` can never run: its condition is always false.`;
      yield { code: 'VAL215', message, path: pathTo(placed, 'when') };
    } else if (dead.length === 0 && !prospect(placed).joins) yield* neverJoined(placed, prospect);
  }
}

/** Edges that ask for a failure that nobody lives to see, or for a skip that never happens. */
function* deadEdges(placed: PlacedTask, prospect: (placed: PlacedTask) => Prospect): Generator<Finding> {
  for (const [place, { task: id, on }] of placed.task.depends_on.entries()) {
    const producer = producerAt(placed, place);
    if (!producer || (on !== 'failure' && on !== 'skipped')) continue;
    const { runs, skipped, failed } = prospect(producer);
    if (on === 'failure' ? failed : skipped) continue;
    const why = on === 'skipped' ? `\`${id}\` is never skipped` : `a failure of \`${id}\` stops the execution`;
    yield {
      code: 'LINT905',
      message: `This edge can never be taken: ${runs ? why : `\`${id}\` never runs`}.`,
      path: pathTo(placed, 'depends_on', place),
      related: [{ message: `the task \`${id}\``, path: pathTo(producer, 'id') }],
    };
  }
}

function* neverJoined(placed: PlacedTask, prospect: (placed: PlacedTask) => Prospect): Generator<Finding> {
  for (const [place, { task: id }] of placed.task.depends_on.entries()) {
    const producer = producerAt(placed, place);
    if (!producer || prospect(producer).runs) continue;
    const message = `\`${placed.task.id}\` can never run: \`${id}\`, which it depends on, never does.`;
    yield { code: 'VAL215', message, path: pathTo(placed, 'depends_on', place) };
    return;
  }
}
