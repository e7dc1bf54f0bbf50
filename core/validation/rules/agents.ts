import { didYouMean } from '../../diagnostics/index.ts';
import type { Finding } from '../../definition/index.ts';
import { pathTo } from '../region.ts';
import { forEachTask, type RuleContext } from '../rule.ts';

/** A static fan-out becomes a Parallel state with a branch for each instance; more than 40 and the machine grows unreadable. */
const WIDEST_FAN_OUT = 40;

/** VAL206: a task's agent is one of the workflow's. */
export const knownAgents = forEachTask(function* (placed, { workflow }) {
  const { task } = placed;
  if (task.agent === undefined || Object.hasOwn(workflow.agents, task.agent)) return;
  const near = didYouMean(task.agent, Object.keys(workflow.agents));
  yield {
    code: 'VAL206',
    message: `\`${task.id}\` is for the agent \`${task.agent}\`, and the workflow has none of that name.`,
    path: pathTo(placed, 'agent'),
    hint: near === undefined ? undefined : `did you mean \`${near}\`?`,
  };
});

/** VAL207: an agent's type is in the catalogue. */
export function* knownAgentTypes({ workflow, catalogue }: RuleContext): Generator<Finding> {
  for (const [name, { type }] of Object.entries(workflow.agents)) {
    if (catalogue.has(type)) continue;
    const near = didYouMean(type, catalogue.keys());
    yield {
      code: 'VAL207',
      message: `The agent \`${name}\` is of type \`${type}\`, which the agent catalogue does not have.`,
      path: ['workflow', 'agents', name, 'type'],
      hint: near === undefined ? undefined : `did you mean \`${near}\`?`,
    };
  }
}

/** VAL213 and ASL401: a fan-out has a width, and a machine can hold it. */
export const fanOuts = forEachTask(function* (placed, { workflow }) {
  const { task } = placed;
  if (task.parallel !== true || task.agent === undefined || !Object.hasOwn(workflow.agents, task.agent)) return;
  const count = workflow.agents[task.agent]?.count;
  const path = pathTo(placed, 'parallel');
  const related = [{ message: 'the agent', path: ['workflow', 'agents', task.agent] }];
  if (count === undefined) {
    const message = `\`${task.id}\` runs once for each instance of \`${task.agent}\`, which has no \`count\`.`;
    yield { code: 'VAL213', message, path, related };
  } else if (count > WIDEST_FAN_OUT) {
    const message = `\`${task.id}\` fans out to ${count} instances of \`${task.agent}\`; ${WIDEST_FAN_OUT} is the limit.`;
    yield { code: 'ASL401', message, path, related };
  }
});
