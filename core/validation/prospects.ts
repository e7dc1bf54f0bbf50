import type { JoinDocument, TaskDocument, WorkflowDocument } from '../definition/index.ts';
import { constantCondition } from './constant-condition.ts';
import { outwards, producerAt, type PlacedTask, type Region } from './region.ts';
import type { RuleContext } from './rule.ts';
import { topologicalOrder } from './task-graph.ts';

/** What may become of a task, as far as the definition alone can tell. `true` says "may", `false` says "never". */
export interface Prospect {
  /** It starts. */
  readonly runs: boolean;
  /** Its join says so, whatever its condition says. */
  readonly joins: boolean;
  readonly skipped: boolean;
  /** Failed or upstream_failed, and others live to see it: the execution does not stop for it. */
  readonly failed: boolean;
}

const anything: Prospect = { runs: true, joins: true, skipped: true, failed: true };

/** Of every task. Tasks in a cycle, or behind one, have no before and after: nothing is said of them. */
export function prospectsOf(context: RuleContext): (placed: PlacedTask) => Prospect {
  const prospects = new Map<PlacedTask, Prospect>();
  // A container's members are looked at first: it is skipped when all of them may be.
  for (const region of context.regions.toReversed()) addRegion(region, context, prospects);
  return (placed) => prospects.get(placed) ?? anything;
}

function addRegion({ tasks, graph }: Region, context: RuleContext, prospects: Map<PlacedTask, Prospect>): void {
  const { workflow } = context;
  for (const position of topologicalOrder(graph.dependencies)) {
    const placed = tasks[position];
    if (!placed) continue;
    const edges = placed.task.depends_on.map(({ on }, place) => {
      const producer = producerAt(placed, place);
      return edgeOf(on, (producer && prospects.get(producer)) ?? anything);
    });
    const join = joinOf(placed.task.join ?? 'all_success', edges, workflow.on_skip === 'propagates');
    const runs = join.run && constantCondition(placed.task.when, context) !== false;
    const members = placed.inner.flatMap((region) => region.tasks);
    prospects.set(placed, {
      runs,
      joins: join.run,
      skipped: join.skip || maySkipItself(placed.task, context) || (members.length > 0 && members.every(isSkippable)),
      failed: join.fail || (runs && isSurvived(placed, workflow)),
    });
  }
  function isSkippable(member: PlacedTask): boolean {
    return (prospects.get(member) ?? anything).skipped;
  }
}

function maySkipItself({ when, allow_skip }: TaskDocument, context: RuleContext): boolean {
  return allow_skip === true || (when !== undefined && constantCondition(when, context) !== true);
}

/** Whether the execution goes on when the task fails. */
function isSurvived(placed: PlacedTask, { fault_tolerance }: WorkflowDocument): boolean {
  const onFailure = fault_tolerance?.on_failure ?? 'fail_fast';
  if (onFailure === 'continue' || onFailure === 'pause') return true;
  return outwards(placed).some(({ task }) => task.continue_on_failure === true);
}

/** What an edge may be, once its producer has settled. */
interface Edge {
  readonly ok: boolean;
  readonly skipped: boolean;
  readonly untaken: boolean;
  readonly bad: boolean;
}

/** The table of edges, with "may" for "is". */
function edgeOf(on: TaskDocument['depends_on'][number]['on'], { runs, skipped, failed }: Prospect): Edge {
  switch (on) {
    case 'success':
      return { ok: runs, skipped, untaken: false, bad: failed };
    case 'failure':
      return { ok: failed, skipped: false, untaken: runs || skipped, bad: false };
    case 'skipped':
      return { ok: skipped, skipped: false, untaken: runs || failed, bad: false };
    case 'done':
      return { ok: true, skipped: false, untaken: false, bad: false };
  }
}

/** The table of joins, with "may" for "is". Where in doubt it says "may". */
function joinOf(
  join: JoinDocument,
  edges: readonly Edge[],
  propagates: boolean,
): { run: boolean; skip: boolean; fail: boolean } {
  if (edges.length === 0 || join === 'all_done') return { run: true, skip: false, fail: false };
  const fail = edges.some(({ bad }) => bad);
  if (join === 'all_success' || join === 'none_failed') {
    const isHarmless = ({ untaken }: Edge): boolean => untaken && join === 'none_failed';
    return {
      run: edges.every((edge) => edge.ok || isHarmless(edge) || (edge.skipped && !propagates)),
      skip: edges.some((edge) => (edge.untaken && join === 'all_success') || (edge.skipped && propagates)),
      fail,
    };
  }
  const wanted = join === 'any_success' ? 1 : join.quorum;
  const missing = edges.filter(({ skipped, untaken }) => skipped || untaken).length;
  return { run: edges.filter(({ ok }) => ok).length >= wanted, skip: missing > edges.length - wanted, fail };
}
