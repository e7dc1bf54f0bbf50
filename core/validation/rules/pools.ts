import { didYouMean } from '../../diagnostics/index.ts';
import type { AgentDocument, Finding, Path } from '../../definition/index.ts';
import { outwards, pathTo, type PlacedTask } from '../region.ts';
import { forEachTask, type RuleContext } from '../rule.ts';

/** VAL234: an agent's pool is one of the workflow's. */
export function* knownPools({ workflow }: RuleContext): Generator<Finding> {
  const pools = workflow.resource_pools ?? {};
  for (const [name, { pool }] of Object.entries(workflow.agents)) {
    if (pool === undefined || Object.hasOwn(pools, pool)) continue;
    const near = didYouMean(pool, Object.keys(pools));
    yield {
      code: 'VAL234',
      message: `The agent \`${name}\` shares the pool \`${pool}\`, and there is none of that name.`,
      path: ['workflow', 'agents', name, 'pool'],
      hint: near === undefined ? 'add it under `resource_pools`' : `did you mean \`${near}\`?`,
    };
  }
}

interface Limit {
  readonly room: number;
  readonly what: string;
  readonly path: Path;
}

/** CAP301: what is to run at once finds room. */
export const roomForFanOut = forEachTask(function* (placed, context) {
  const wish = wishOf(placed, context);
  if (!wish?.isWritten) return;
  const limits = [...poolLimits(wish.agent, context), ...parallelLimits(placed, context)];
  const [tightest] = limits.filter(({ room }) => room < wish.calls).toSorted((one, other) => one.room - other.room);
  if (!tightest) return;
  yield {
    code: 'CAP301',
    message: `\`${placed.task.id}\` asks for ${wish.calls} calls at once, and ${tightest.what} has room for ${tightest.room}.`,
    path: wish.path,
    related: [{ message: 'the limit', path: tightest.path }],
  };
});

/** CAP302: a fan-out by itself does not fill the queue of its pool. */
export const roomInQueue = forEachTask(function* (placed, context) {
  const wish = wishOf(placed, context);
  const pool = wish?.agent.document.pool;
  const found = pool === undefined ? undefined : context.workflow.resource_pools?.[pool];
  if (!wish || pool === undefined || found?.max_queue === undefined) return;
  const calls = Math.min(wish.calls, ...parallelLimits(placed, context).map(({ room }) => room));
  const room = found.capacity + found.max_queue;
  if (calls <= room) return;
  yield {
    code: 'CAP302',
    message: `\`${placed.task.id}\` calls ${calls} at once; the pool \`${pool}\` serves ${found.capacity} and lets ${found.max_queue} wait.`,
    path: wish.path,
    related: [{ message: 'the pool', path: ['workflow', 'resource_pools', pool] }],
  };
});

/** How many calls of a fan-out are to run at once. */
interface Wish {
  readonly calls: number;
  /** The author has asked for that number. */
  readonly isWritten: boolean;
  readonly agent: { readonly name: string; readonly document: AgentDocument };
  readonly path: Path;
}

/** Calls of a `for_each` at once, unless it says how many. */
const CONCURRENCY = 10;

function wishOf(placed: PlacedTask, { workflow }: RuleContext): Wish | undefined {
  const { agent: name, parallel, for_each } = placed.task;
  if (name === undefined || !Object.hasOwn(workflow.agents, name)) return undefined;
  const document = workflow.agents[name];
  if (!document) return undefined;
  const agent = { name, document };
  if (for_each) {
    const { max_concurrency: calls } = for_each;
    const path = pathTo(placed, 'for_each', ...(calls === undefined ? [] : ['max_concurrency']));
    return { calls: calls ?? CONCURRENCY, isWritten: calls !== undefined, agent, path };
  }
  if (parallel !== true) return undefined;
  return { calls: document.count ?? 1, isWritten: true, agent, path: pathTo(placed, 'parallel') };
}

/** An agent without a pool has one of its own where it says what one instance does at once; `count` alone makes none, as in the plan. */
function poolLimits({ name, document }: Wish['agent'], { workflow }: RuleContext): readonly Limit[] {
  const { pool, count, max_concurrent_tasks } = document;
  if (pool !== undefined) {
    const found = workflow.resource_pools?.[pool];
    const path = ['workflow', 'resource_pools', pool, 'capacity'];
    return found ? [{ room: found.capacity, what: `the pool \`${pool}\``, path }] : [];
  }
  if (max_concurrent_tasks === undefined) return [];
  const room = (count ?? 1) * max_concurrent_tasks;
  return [{ room, what: `the agent \`${name}\``, path: ['workflow', 'agents', name] }];
}

/** `max_parallel` of the workflow, and of each group around. */
function parallelLimits(placed: PlacedTask, { workflow }: RuleContext): readonly Limit[] {
  const ofGroups = outwards(placed).flatMap((around) => {
    const room = around.task.group?.max_parallel;
    const path = pathTo(around, 'group', 'max_parallel');
    return room === undefined ? [] : { room, what: `the group \`${around.task.id}\``, path };
  });
  const room = workflow.concurrency?.max_parallel;
  if (room === undefined) return ofGroups;
  return [...ofGroups, { room, what: 'the workflow', path: ['workflow', 'concurrency', 'max_parallel'] }];
}
