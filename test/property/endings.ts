import type { SettledTaskStatus } from '../../core/execution/index.ts';
import type { Json } from '../../core/json/index.ts';
import { EvaluationError, render, tasksNamedIn } from './expression.ts';
import { verdictsOfUntil } from './entrances.ts';
import { openIteration, settle } from './moves.ts';
import { leavesOf, type Work } from './reading.ts';
import { baseScope, scopesOfUntil, settledTasks } from './scopes.ts';
import type { Entry, Execution, Frame, Progress, State, StopReason } from './state.ts';

// How containers and executions end when everything inside has settled. Each way of several is one function.

type Way = (state: State) => void;

/** Every way in which an open container, whose members have all settled, may go on. */
export function waysToCollect(state: State, entry: Entry): Way[] {
  if (entry.progress) return waysOfCalls(state, entry, entry.progress);
  if (entry.task.spread?.kind === 'fan' && !entry.part) return waysOfFan(state, entry);
  const { inside } = entry;
  if (!inside) return [];
  return entry.task.work.kind === 'loop'
    ? waysOfLoop(state, entry, inside, entry.task.work)
    : waysOfRegion(state, entry, inside);
}

function partsOf(state: State, { place }: Entry, count: number): Entry[] {
  return Array.from({ length: count }, (_, index) => state.entry(`${place}[${index}]`));
}

interface Ended {
  readonly status: SettledTaskStatus;
  readonly output: Json;
  readonly error?: string | undefined;
}

/** A container that neither succeeded nor failed may show what its members did, or nothing. */
function waysToEnd({ place }: Entry, { status, output, error }: Ended): Way[] {
  const outputs = status === 'succeeded' || status === 'failed' || output === null ? [output] : [output, null];
  return outputs.map((one) => (next) => settle(next, place, status, { output: one, error }));
}

function waysOfFan(state: State, entry: Entry): Way[] {
  const { spread } = entry.task;
  const items = partsOf(state, entry, spread?.kind === 'fan' ? spread.count : 0);
  const results = items.flatMap(({ result }) => result ?? []);
  const status = state.setting.rules.fanStatus(results.map((result) => result.status));
  const error = results.find((result) => result.status === 'failed')?.error?.name;
  return waysToEnd(entry, { status, output: results.map((result) => result.output), error });
}

function waysOfCalls(state: State, entry: Entry, { calls, started, failedItems, tolerated }: Progress): Way[] {
  const results = partsOf(state, entry, started).flatMap(({ result }) => result ?? []);
  const statuses = results.map(({ status }) => status);
  const output = calls.map((_, index) => results[index]?.output ?? null);
  if (failedItems > tolerated) {
    const error = results.find(({ status }) => status === 'failed')?.error?.name;
    return waysToEnd(entry, { status: 'failed', output, error });
  }
  const stopped = (['unknown', 'cancelled'] as const).find((status) => statuses.includes(status));
  return waysToEnd(entry, { status: stopped ?? (started < calls.length ? 'cancelled' : 'succeeded'), output });
}

function membersOf(state: State, { region, prefix }: Frame): Entry[] {
  return region.tasks.map(({ id }) => state.entry(prefix + id));
}

function outputsOf(state: State, inside: Frame): Json {
  return Object.fromEntries(
    inside.region.tasks.map(({ id }) => [id, state.entry(inside.prefix + id).result?.output ?? null] as const),
  );
}

/** As many ways as there are errors that may have been the first. */
function waysOfRegion(state: State, entry: Entry, inside: Frame): Way[] {
  const members = membersOf(state, inside);
  const status = statusOf(state, members);
  const output = status === 'skipped' ? null : outputsOf(state, inside);
  if (status !== 'failed') return waysToEnd(entry, { status, output });
  const errors = new Set(members.filter(isHarmful).map(({ result }) => result?.error?.name));
  return [...errors].flatMap((error) => waysToEnd(entry, { status, output, error }));
}

const isHarmful = ({ result, task }: Entry): boolean => result?.status === 'failed' && !task.continueOnFailure;

function statusOf(state: State, members: readonly Entry[]): SettledTaskStatus {
  const settled = members.flatMap((member) =>
    member.result ? [{ status: member.result.status, harms: isHarmful(member) }] : [],
  );
  return state.setting.rules.regionStatus(settled);
}

type Loop = Extract<Work, { kind: 'loop' }>;

function waysOfLoop(state: State, entry: Entry, inside: Frame, loop: Loop): Way[] {
  if (statusOf(state, membersOf(state, inside)) !== 'succeeded') return waysOfRegion(state, entry, inside);
  const { until } = loop;
  const verdicts =
    until === undefined ? [false] : verdictsOfUntil(until, scopesOfUntil(state, entry, inside, tasksNamedIn([until])));
  return verdicts.flatMap((verdict) => waysToGoOn(state, entry, inside, { loop, verdict }));
}

interface Round {
  readonly loop: Loop;
  /** What `until` said; undefined: nothing that could be used. */
  readonly verdict: boolean | undefined;
}

function waysToGoOn(state: State, entry: Entry, inside: Frame, { loop, verdict }: Round): Way[] {
  const output = outputsOf(state, inside);
  const next = (inside.loop?.index ?? 0) + 1;
  if (verdict === undefined) return waysToEnd(entry, { status: 'failed', output, error: 'InvalidInput' });
  if (!verdict && next < loop.most) {
    if (state.executionOf(entry).stop) return waysToEnd(entry, { status: 'cancelled', output });
    return [(then) => openIteration(then, then.entry(entry.place), next, settledTasks(then, inside))];
  }
  if (verdict || !loop.failsExhausted) return waysToEnd(entry, { status: 'succeeded', output });
  return waysToEnd(entry, { status: 'failed', output, error: 'LoopExhausted' });
}

/** How an execution ends in which nothing is left to settle. */
export function outcomeOf(state: State, execution: Execution): { status: StopReason | 'succeeded'; output: Json } {
  const { stop, isSpoilt, workflow, root } = execution;
  if (stop) return { status: stop.reason, output: null };
  if (isSpoilt) return { status: 'failed', output: null };
  const tasks = settledTasks(state, root);
  if (workflow.output === undefined) {
    const leaves = leavesOf(root.region).map(({ id }) => [id, state.entry(root.prefix + id).result?.output ?? null]);
    return { status: 'succeeded', output: Object.fromEntries(leaves) as Json };
  }
  try {
    return { status: 'succeeded', output: render(workflow.output, { ...baseScope(execution), tasks }) };
  } catch (error) {
    if (error instanceof EvaluationError) return { status: 'failed', output: null };
    throw error;
  }
}
