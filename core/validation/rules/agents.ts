import { didYouMean } from '../../diagnostics/index.ts';
import type { Finding, Path } from '../../definition/index.ts';
import { pathTo, type PlacedTask } from '../region.ts';
import { forEachTask, type RuleContext } from '../rule.ts';

/** A static fan-out becomes a Parallel state with a branch for each instance; more than 40 and the machine grows unreadable. */
const WIDEST_FAN_OUT = 40;

/** VAL206: a task's agent is one of the workflow's. */
export const knownAgents = forEachTask(function* (placed, context) {
  const { id, agent, compensate } = placed.task;
  if (agent !== undefined) yield* agentFinding(`\`${id}\``, agent, pathTo(placed, 'agent'), context);
  if (!compensate) return;
  const path = pathTo(placed, 'compensate', 'agent');
  yield* agentFinding(`The compensation of \`${id}\``, compensate.agent, path, context);
});

function* agentFinding(what: string, agent: string, path: Path, { workflow }: RuleContext): Generator<Finding> {
  if (Object.hasOwn(workflow.agents, agent)) return;
  const near = didYouMean(agent, Object.keys(workflow.agents));
  yield {
    code: 'VAL206',
    message: `${what} is for the agent \`${agent}\`, and the workflow has none of that name.`,
    path,
    hint: near === undefined ? undefined : `did you mean \`${near}\`?`,
  };
}

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

/** VAL226: an agent of the workflow can do what a task requires. */
export const capableAgentExists = forEachTask(function* (placed, { capabilities }) {
  const { id, requires } = placed.task;
  if (!requires || capabilities.agentsFor(requires).length > 0) return;
  const place = requires.findIndex((it) => !capabilities.known.has(it));
  const lacking = requires[place];
  if (lacking === undefined) {
    const all = requires.map((it) => `\`${it}\``).join(', ');
    const message = `No agent has all that \`${id}\` requires: ${all}.`;
    yield { code: 'VAL226', message, path: pathTo(placed, 'requires'), part: 'key' };
    return;
  }
  const near = didYouMean(lacking, capabilities.known);
  yield {
    code: 'VAL226',
    message: `No agent has the capability \`${lacking}\`, which \`${id}\` requires.`,
    path: pathTo(placed, 'requires', place),
    hint: near === undefined ? undefined : `did you mean \`${near}\`?`,
  };
});

/** VAL213 and ASL401: a fan-out has a width, and a machine can hold it. */
export const fanOuts = forEachTask(function* (placed, context) {
  const { task } = placed;
  if (task.parallel !== true) return;
  const names = task.agent === undefined ? context.capabilities.agentsFor(task.requires ?? []) : [task.agent];
  // The planner chooses among several: each of them has to do.
  for (const name of names) {
    const finding = Object.hasOwn(context.workflow.agents, name) && fanOutFinding(placed, name, context);
    if (!finding) continue;
    yield finding;
    return;
  }
});

function fanOutFinding(placed: PlacedTask, name: string, { workflow }: RuleContext): Finding | undefined {
  const count = workflow.agents[name]?.count;
  const { id } = placed.task;
  const path = pathTo(placed, 'parallel');
  const related = [{ message: 'the agent', path: ['workflow', 'agents', name] }];
  if (count === undefined) {
    const message = `\`${id}\` runs once for each instance of \`${name}\`, which has no \`count\`.`;
    return { code: 'VAL213', message, path, related };
  }
  if (count <= WIDEST_FAN_OUT) return undefined;
  const message = `\`${id}\` fans out to ${count} instances of \`${name}\`; ${WIDEST_FAN_OUT} is the limit.`;
  return { code: 'ASL401', message, path, related };
}

/** VAL238: who has to send signs of life is a program. */
export const heartbeatsCome = forEachTask(function* (placed, { workflow, catalogue, capabilities }) {
  const { id, agent, requires = [], heartbeat } = placed.task;
  if (heartbeat === undefined) return;
  const names = agent === undefined ? capabilities.agentsFor(requires) : [agent];
  // The planner chooses among several: each of them has to do.
  const person = names.find((name) => {
    const type = Object.hasOwn(workflow.agents, name) ? workflow.agents[name]?.type : undefined;
    return type !== undefined && catalogue.get(type)?.runtime === 'human';
  });
  if (person === undefined) return;
  const message = `\`${id}\` is for \`${person}\`, a person, who sends no heartbeats: its time would be up after ${heartbeat} s.`;
  yield { code: 'VAL238', message, path: pathTo(placed, 'heartbeat') };
});
