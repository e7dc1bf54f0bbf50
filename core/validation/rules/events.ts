import type { Finding } from '../../definition/index.ts';
import { circlesOfEvents, type EventStep } from '../event-circles.ts';
import { pathTo } from '../region.ts';
import type { RuleContext } from '../rule.ts';

/** More steps of one circle than anybody reads. */
const LONGEST_SHOWN = 10;

/** CAP303: no task waits for an event that is emitted only after it. */
export function* eventsComeInTime(context: RuleContext): Generator<Finding> {
  for (const circle of circlesOfEvents(context)) {
    const [first, another] = circle;
    if (!first) continue;
    // A wait that gives up sets the others free.
    const givesUp = circle.some(({ wait }) => wait.task.wait?.timeout !== undefined);
    if (givesUp && another) continue;
    const shown = circle.slice(0, LONGEST_SHOWN).map(describeStep);
    const more = circle.length > LONGEST_SHOWN ? `; and ${circle.length - LONGEST_SHOWN} more` : '';
    yield {
      code: 'CAP303',
      message: `${another ? 'These tasks wait for one another: ' : ''}${shown.join('; ')}${more}.`,
      path: pathTo(first.wait, 'wait', 'event'),
      hint: 'emit it before, or, when it comes from outside as well, name it under `coordination: { event_driven: […] }`',
      related: circle.slice(0, LONGEST_SHOWN).map(({ wait, emitter }) => ({
        message: `what \`${wait.task.id}\` waits for`,
        path: pathTo(emitter, 'emit', 'event'),
      })),
    };
  }
}

function describeStep({ wait, event, emitter, after }: EventStep): string {
  const { id } = wait.task;
  const order = after === wait ? `only after \`${id}\` itself` : `only after \`${after.task.id}\``;
  return `\`${id}\` waits for \`${event}\`, which \`${emitter.task.id}\` emits ${order}`;
}
