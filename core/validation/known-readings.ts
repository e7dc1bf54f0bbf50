import { soleExpression, type Reading } from '../expressions/index.ts';
import { knownBy, memberOf, type KnownValue, type Membership } from './known-value.ts';
import type { PlacedTask, Region } from './region.ts';
import type { RuleContext } from './rule.ts';

/** How far an expression's reading is known. */
export interface KnownReading {
  /** What is known of the last member that was looked at. */
  readonly membership: Membership;
  /** Its position among the reading's members; -1 stands for the root itself. */
  readonly at: number;
}

/** Where an expression stands. */
export interface Site {
  /** Ids of tasks are looked for here first. */
  readonly region?: Region | undefined;
  /** The task that the expression belongs to. */
  readonly placed?: PlacedTask | undefined;
}

/** Goes along a reading as far as schemas reach, and stops where a member is not known to be there. */
export function followReading({ root, members }: Reading, site: Site, context: RuleContext): KnownReading | undefined {
  const start = startOf({ root, members }, site, context);
  if (!start) return undefined;
  let value: KnownValue | undefined = start.value;
  let found: KnownReading = { membership: { kind: 'known', value }, at: start.taken - 1 };
  for (const [at, { key }] of members.entries()) {
    if (at < start.taken || !value) continue;
    const membership = memberOf(value, key);
    found = { membership, at };
    value = membership.kind === 'known' ? membership.value : undefined;
  }
  return found;
}

/** What is known of all that an expression gives, when it is nothing but a reading. */
export function valueOfReading(
  source: string,
  readings: readonly Reading[],
  site: Site,
  context: RuleContext,
): KnownValue | undefined {
  const [reading, another] = readings;
  if (!reading || another) return undefined;
  const last = reading.members.at(-1) ?? { isOptional: false, length: reading.root.length };
  if (last.isOptional || last.length !== source.trim().length) return undefined;
  const found = followReading(reading, site, context);
  const isWhole = found?.at === reading.members.length - 1;
  return isWhole && found.membership.kind === 'known' ? found.membership.value : undefined;
}

/** What is known of the beginning of a reading, and how many of its members that takes: `tasks.clone.output` takes two. */
function startOf(
  { root, members }: Reading,
  { region, placed: reader }: Site,
  context: RuleContext,
): { value: KnownValue; taken: number } | undefined {
  if (root === 'input') {
    const value = knownBy([context.workflow.input]);
    return value && { value, taken: 0 };
  }
  if (root === 'item') {
    const value = reader && itemOf(reader, context);
    return value && { value, taken: 0 };
  }
  const at = root === 'tasks' ? 1 : root === 'loop' && members[0]?.key === 'previous' ? 2 : 0;
  if (at === 0 || members[at]?.key !== 'output') return undefined;
  const placed = context.find(String(members[at - 1]?.key), region);
  const value = placed && outputOf(placed, context);
  return value && { value, taken: at + 1 };
}

const text = { type: 'string' };
const event = knownBy([
  {
    type: 'object',
    properties: { id: text, type: text, source: text, time: text, data: {} },
    additionalProperties: false,
  },
]);
const nothing = knownBy([{ type: 'null' }]);

/** What is known of a task's output, when it has one: that of a skipped task is null. */
export function outputOf(placed: PlacedTask, context: RuleContext): KnownValue | undefined {
  const { outputs } = context;
  if (!outputs.has(placed)) outputs.set(placed, newOutput(placed, context));
  return outputs.get(placed);
}

function newOutput(placed: PlacedTask, context: RuleContext): KnownValue | undefined {
  const { task } = placed;
  const [body, another] = placed.inner;
  if (body && !another)
    return { kind: 'members', members: new Map(body.tasks.map((one) => [one.task.id, outputOf(one, context)])) };
  if (task.emit ?? task.wait?.event) return event;
  if (task.wait) return nothing;
  const answer = answerOf(placed, context);
  return task.parallel === true || task.for_each ? { kind: 'list', item: answer } : answer;
}

/** An answer has to satisfy the schema of its agent's type, and the task's own. */
function answerOf({ task }: PlacedTask, context: RuleContext): KnownValue | undefined {
  const name = agentOf(task, context);
  const type = name === undefined ? undefined : context.workflow.agents[name]?.type;
  return knownBy([type === undefined ? undefined : context.catalogue.get(type)?.output, task.output]);
}

/** What one call of a `for_each` gets: an item, or a list of them. */
function itemOf(placed: PlacedTask, context: RuleContext): KnownValue | undefined {
  const { items, batch } = placed.task.for_each ?? {};
  const expression = typeof items === 'string' ? soleExpression(items) : undefined;
  if (!expression?.closed) return undefined;
  const { problems, readings } = context.check(expression.source);
  // `item` is not known where the items come from, so this ends.
  if (problems.length > 0 || readings.some(({ root }) => root === 'item')) return undefined;
  const list = valueOfReading(expression.source, readings, { region: placed.region, placed }, context);
  const first = list && memberOf(list, 0);
  const item = first?.kind === 'known' ? first.value : undefined;
  return batch === undefined ? item : { kind: 'list', item };
}

/** The agent that a task goes to, where the document leaves no choice. */
export function agentOf(
  { agent, requires }: PlacedTask['task'],
  { workflow, capabilities }: RuleContext,
): string | undefined {
  const [only, another] = requires ? capabilities.agentsFor(requires) : [agent];
  if (only === undefined || another !== undefined) return undefined;
  return Object.hasOwn(workflow.agents, only) ? only : undefined;
}
