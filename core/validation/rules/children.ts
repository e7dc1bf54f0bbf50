import { didYouMean } from '../../diagnostics/index.ts';
import type { Finding, TaskDocument } from '../../definition/index.ts';
import { createCallChains, type CallChain } from '../call-chains.ts';
import { pathTo, type PlacedTask } from '../region.ts';
import { forEachTask, type RuleContext } from '../rule.ts';
import type { WorkflowCall } from '../workflow-catalogue.ts';

/** VAL227: a child workflow is there, in the version that is named. */
export const knownChildren = forEachTask(function* (placed, { workflow, workflows }) {
  const child = placed.task.workflow;
  if (!child || isSelf(child, workflow)) return;
  const { name, version } = child;
  const path = pathTo(placed, 'workflow', 'name');
  if (!workflows) {
    const message = `\`${placed.task.id}\` starts the workflow \`${name}\`, and nothing here says whether there is one.`;
    yield {
      code: 'VAL227',
      severity: 'warning',
      message,
      path,
      hint: 'it is looked for again when this workflow is run',
    };
    return;
  }
  if (workflows.find(name, version)) return;
  const latest = workflows.find(name);
  if (latest && version !== undefined) {
    const message = `There is a workflow \`${name}\`, but no version \`${version}\` of it.`;
    const hint = `the latest version is \`${latest.version}\``;
    yield { code: 'VAL227', message, path: pathTo(placed, 'workflow', 'version'), hint };
    return;
  }
  const near = didYouMean(name, workflows.names?.() ?? []);
  const hint = near === undefined ? 'publish it first' : `did you mean \`${near}\`?`;
  yield { code: 'VAL227', message: `There is no workflow \`${name}\`.`, path, hint };
});

type Child = NonNullable<TaskDocument['workflow']>;

function isSelf({ name, version }: Child, workflow: RuleContext['workflow']): boolean {
  return name === workflow.name && (version ?? workflow.version) === workflow.version;
}

/** Executions within one another; the engine refuses the next one with `ChildTooDeep`. */
const DEEPEST = 16;

/** VAL228, VAL229 and CAP304: chains of child workflows end, soon enough, and do not wait for their own beginning. */
export function* childrenEnd(context: RuleContext): Generator<Finding> {
  const { workflow, workflows, tasks } = context;
  const { name, version } = workflow;
  const chainOf = createCallChains({ name, version, calls: [] }, workflows);
  for (const placed of tasks) {
    const child = placed.task.workflow;
    if (!child) continue;
    const chain = chainOf(child);
    if (chain.cycle) yield cycleFinding(placed, chain.cycle);
    else yield* boundFindings(placed, chain, context);
  }
}

function cycleFinding(placed: PlacedTask, cycle: readonly Required<WorkflowCall>[]): Finding {
  const names = cycle.map(({ name, version }) => `${name} ${version}`);
  const shown = names.length > LONGEST_SHOWN ? [...names.slice(0, LONGEST_SHOWN), '…'] : names;
  return {
    code: 'VAL228',
    message: `\`${placed.task.id}\` starts a workflow that starts itself: ${shown.join(' → ')}.`,
    path: pathTo(placed, 'workflow', 'name'),
    hint: 'work that repeats until it is good is a `loop`',
  };
}

const LONGEST_SHOWN = 50;

function* boundFindings(
  placed: PlacedTask,
  { depth, ofSameName }: CallChain,
  context: RuleContext,
): Generator<Finding> {
  const { budget, concurrency = {} } = context.workflow;
  const { id } = placed.task;
  const path = pathTo(placed, 'workflow', 'name');
  if (depth > DEEPEST) {
    const message = `\`${id}\` starts ${depth} workflows within one another; ${DEEPEST} is the limit.`;
    yield { code: 'VAL229', message, path };
  } else if (budget?.depth !== undefined && depth > budget.depth) {
    const message = `\`${id}\` starts ${depth} workflows within one another, and the budget allows ${budget.depth}.`;
    yield {
      code: 'VAL229',
      message,
      path,
      related: [{ message: 'the budget', path: ['workflow', 'budget', 'depth'] }],
    };
  }
  if (ofSameName < 2) return;
  const { max_executions = Infinity, key } = concurrency;
  const limit = max_executions < ofSameName ? 'max_executions' : 'key';
  if (limit === 'key' && key === undefined) return;
  yield {
    code: 'CAP304',
    message: `\`${id}\` starts \`${context.workflow.name}\` within itself, and that waits for the place which this execution holds.`,
    path,
    related: [{ message: 'the limit', path: ['workflow', 'concurrency', limit] }],
  };
}
