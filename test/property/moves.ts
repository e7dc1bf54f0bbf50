import type { SettledTaskStatus } from '../../core/execution/index.ts';
import type { Json } from '../../core/json/index.ts';
import { behaviourOf } from '../../simulation/index.ts';
import { unpauseExecution } from './pauses.ts';
import { executionName } from './places.ts';
import type { Task, Workflow } from './reading.ts';
import { endingsOf, holds, retryDelay, stoppedByWord, type Ending } from './rules.ts';
import { timeText } from './scopes.ts';
import { newEntry, type Entry, type Execution, type Frame, type State, type StopReason } from './state.ts';

// What may happen to an execution and its entries, each as one indivisible change.

interface Outcome {
  readonly output?: Json;
  readonly error?: string | undefined;
}

export function settle(state: State, place: string, status: SettledTaskStatus, { output, error }: Outcome = {}): void {
  const named = error === undefined ? {} : { error: { name: error } };
  state.settle(place, { status, output: output ?? null, at: state.now, ...named });
  const entry = state.entry(place);
  const doomed = tellContainer(state, entry);
  state.setting.witness.settled(state, entry);
  if (doomed) harm(state, doomed);
  if (status === 'failed' && entry.part?.of !== 'each') harm(state, entry);
}

/** Answers the container of a call that was one failure too many. */
function tellContainer(state: State, { within, isLoose, result, part, task }: Entry): Entry | undefined {
  if (within === undefined) return undefined;
  const container = state.entry(within);
  const loose = container.isLoose || isLoose || result?.status === 'cancelled';
  state.change(within, { unsettled: container.unsettled - 1, isLoose: loose });
  const { progress } = container;
  if (!progress || result?.status !== 'failed') return undefined;
  const isBatch = task.spread?.kind === 'each' && task.spread.batch !== undefined;
  const weight = isBatch && Array.isArray(part?.item) ? (part.item as readonly Json[]).length : 1;
  const failedItems = progress.failedItems + weight;
  state.change(within, { progress: { ...progress, failedItems } });
  const isOneTooMany = progress.failedItems <= progress.tolerated && failedItems > progress.tolerated;
  return isOneTooMany ? state.entry(within) : undefined;
}

/** May an entry fail, or something around it, without anything else coming of it? */
export function isForgiven(state: State, { task, within }: Entry): boolean {
  return task.continueOnFailure || (within !== undefined && isForgiven(state, state.entry(within)));
}

/** A failure, and what comes of it. */
function harm(state: State, entry: Entry): void {
  if (isForgiven(state, entry)) return;
  const { place, stop, workflow } = state.executionOf(entry);
  state.changeExecution(place, { isSpoilt: true });
  if (!stop && workflow.onFailure !== 'continue') stopExecution(state, place, 'failed');
}

/** Nothing new starts from here on; `drain` waits for as long as running attempts and children take. */
export function stopExecution(state: State, place: string, reason: StopReason): void {
  const { workflow } = state.execution(place);
  const isPatient = reason === 'failed' && workflow.onFailure === 'drain';
  const cutAt = isPatient ? Infinity : state.now + workflow.grace;
  // Its children go on with a pause that a stop has ended, to finish; unless they are stopped as well.
  if (isPatient) unpauseExecution(state, place);
  state.changeExecution(place, { stop: { reason, at: state.now, cutAt }, pausedAt: undefined });
  state.setting.witness.stopped(state, state.execution(place));
  for (const entry of state.live().filter(({ frame }) => frame.execution === place)) {
    const isIdle = ['waiting', 'queued', 'retrying', 'asleep'].includes(entry.phase);
    if (isIdle) settle(state, entry.place, 'cancelled');
    if (entry.phase === 'running' && !isPatient) tellToStop(state, entry);
    if (entry.phase === 'child' && !isPatient) state.changeExecution(entry.place, { isToldToStop: true });
  }
}

function tellToStop(state: State, { place, attempts, endings }: Entry): void {
  const { script } = state.setting.scenario;
  if (behaviourOf(script, place, attempts).obeysStop !== true) return;
  const due = endings.filter(({ at }) => at === state.now);
  state.change(place, { endings: [...due, { at: state.now, kind: 'failed', error: stoppedByWord }] });
}

/** All members of a region, waiting; of a fan-out its items. */
export function openFrame(state: State, frame: Frame): void {
  for (const task of frame.region.tasks) {
    const place = frame.prefix + task.id;
    const entry: Entry = { ...newEntry, place, frame, task, within: frame.container };
    if (task.spread?.kind !== 'fan') {
      state.add(entry);
      continue;
    }
    const { count } = task.spread;
    state.add({ ...entry, phase: 'open', unsettled: count });
    for (let index = 0; index < count; index += 1)
      state.add({ ...entry, place: `${place}[${index}]`, within: place, part: { of: 'fan', index, count } });
  }
}

/** Starts what a task does; undefined settles nothing and starts nothing. */
export function begin(state: State, entry: Entry, given: Json): void {
  const { place, task, part } = entry;
  const { work, spread } = task;
  if (spread?.kind === 'each' && !part) return openCalls(state, entry, spread, given as readonly Json[]);
  switch (work.kind) {
    case 'agent':
      return hasPlace(state, entry) ? call(state, entry, given) : state.change(place, { phase: 'queued' });
    case 'child':
      return startChild(state, entry, { workflow: work.workflow, timeout: work.timeout, input: given });
    case 'wait':
      return fallAsleep(state, entry, given);
    case 'emit':
      return emit(state, entry, work.type, given);
    case 'group': {
      const { frame } = entry;
      const limits =
        work.maxParallel < Infinity ? [...frame.limits, { of: place, most: work.maxParallel }] : frame.limits;
      return openRegion(state, entry, { ...frame, region: work.region, prefix: `${place}/`, container: place, limits });
    }
    case 'loop':
      return openIteration(state, entry, 0, null);
  }
}

function openRegion(state: State, { place }: Entry, inside: Frame, round?: number): void {
  state.change(place, { phase: 'open', inside, unsettled: inside.region.tasks.length, isLoose: false });
  openFrame(state, inside);
  state.setting.witness.opened(state, state.entry(place), round);
}

export function openIteration(state: State, entry: Entry, index: number, previous: Json): void {
  const { work } = entry.task;
  if (work.kind !== 'loop') return;
  const prefix = `${entry.place}[${index}]/`;
  const loop = { index, previous };
  openRegion(state, entry, { ...entry.frame, region: work.region, prefix, container: entry.place, loop }, index);
}

type Each = Extract<NonNullable<Task['spread']>, { kind: 'each' }>;

function openCalls(state: State, entry: Entry, { batch, tolerate }: Each, items: readonly Json[]): void {
  const { callsOf, toleratedOf } = state.setting.rules;
  const tolerated = toleratedOf(tolerate, items.length);
  const progress = { calls: callsOf(items, batch), started: 0, failedItems: 0, tolerated };
  state.change(entry.place, { phase: 'open', progress });
  state.setting.witness.opened(state, state.entry(entry.place));
}

/** The next call of a `for_each`. */
export function startCall(state: State, { place, frame, task, progress, unsettled }: Entry): void {
  if (!progress) return;
  const { started: index, calls } = progress;
  state.change(place, { unsettled: unsettled + 1, progress: { ...progress, started: index + 1 } });
  const part = { of: 'each', index, count: calls.length, item: calls[index] ?? null } as const;
  state.add({ ...newEntry, place: `${place}[${index}]`, frame, task, within: place, part });
}

/** Attempts hold places; whoever waits for a retry holds none. */
export function hasPlace(state: State, { frame: { limits } }: Entry): boolean {
  if (limits.length === 0) return true;
  const running = state.live().filter(({ phase }) => phase === 'running');
  return limits.every(
    ({ of, most }) => running.filter(({ frame }) => frame.limits.some((limit) => limit.of === of)).length < most,
  );
}

export function call(state: State, { place, task, attempts }: Entry, given: Json): void {
  const attempt = attempts + 1;
  const behaviour = behaviourOf(state.setting.scenario.script, place, attempt);
  const endings = task.work.kind === 'agent' ? endingsOf(task.work, behaviour, state.now) : [];
  state.change(place, { phase: 'running', attempts: attempt, given, endings });
  state.setting.witness.called(state, state.entry(place));
}

export function endAttempt(state: State, entry: Entry, ending: Ending): void {
  const { place, attempts, task } = entry;
  if (ending.kind === 'succeeded') return settle(state, place, 'succeeded', { output: ending.output });
  const { stop } = state.executionOf(entry);
  const { mayRetry } = state.setting.rules;
  if (!stop && task.work.kind === 'agent' && mayRetry(task.work, ending.error, attempts))
    return pause(state, entry, retryDelay(task.work, ending.error, attempts));
  settle(state, place, 'failed', { error: ending.error.name });
}

function pause(state: State, entry: Entry, range: { readonly least: number; readonly most: number }): void {
  const dueAt = state.now + state.setting.witness.delayOf(state, entry, range);
  state.change(entry.place, { phase: 'retrying', dueAt });
}

function fallAsleep(state: State, { place, task }: Entry, given: Json): void {
  if (task.work.kind !== 'wait') return;
  const { wait } = task.work;
  if (wait.kind === 'event') {
    state.change(place, { phase: 'asleep', given, dueAt: state.now + wait.timeout });
    return;
  }
  const until = wait.kind === 'seconds' ? state.now + Number(given) : Number(given) - Date.parse(timeText(0));
  if (until <= state.now) settle(state, place, 'succeeded');
  else state.change(place, { phase: 'asleep', dueAt: until });
}

function emit(state: State, entry: Entry, type: string, data: Json): void {
  const { place } = entry;
  const source = executionName(entry.frame.execution);
  const path = place.slice(entry.frame.execution === '' ? 0 : entry.frame.execution.length + 1);
  const shown = { id: `${source}/${path}`, type, source, time: timeText(state.now), data };
  publish(state, type, data, shown);
  settle(state, place, 'succeeded', { output: shown });
}

export function publish(state: State, type: string, data: Json, shown: Json): void {
  state.events = [...state.events, { at: state.now, type, data, shown }];
}

interface Start {
  readonly workflow: Workflow;
  readonly timeout: number;
  readonly input: Json;
}

function startChild(state: State, { place }: Entry, start: Start): void {
  state.change(place, { phase: 'child' });
  startExecution(state, place, start);
}

export function startExecution(state: State, place: string, { workflow, timeout, input }: Start): void {
  const prefix = place === '' ? '' : `${place}>`;
  const limits = workflow.maxParallel < Infinity ? [{ of: `>${place}`, most: workflow.maxParallel }] : [];
  const { region } = workflow;
  const root: Frame = { execution: place, region, prefix, container: undefined, loop: undefined, limits };
  state.addExecution({
    place,
    workflow,
    input,
    startedAt: state.now,
    deadline: state.now + Math.min(workflow.timeout, timeout),
    eventsBefore: state.events.length,
    root,
    unsettled: 0,
    isSpoilt: false,
    isToldToStop: false,
    pausedAt: undefined,
    stop: undefined,
    endedAs: undefined,
  });
  state.setting.witness.started(state, state.execution(place));
  openFrame(state, root);
}

/** The terminal status, and what the task hears of it that has started the execution. */
export function endExecution(state: State, { place }: Execution, status: StopReason | 'succeeded', output: Json): void {
  state.changeExecution(place, { endedAs: status });
  state.setting.witness.ended(state, state.execution(place), output);
  if (place === '') return;
  const entry = state.entry(place);
  if (status !== 'succeeded')
    return status === 'cancelled' && state.executionOf(entry).stop
      ? settle(state, place, 'cancelled')
      : settle(state, place, 'failed', { error: 'ChildFailed' });
  const fits = entry.task.work.kind === 'child' && holds(entry.task.work.outputSchemas, output);
  if (fits) settle(state, place, 'succeeded', { output });
  else settle(state, place, 'failed', { error: 'InvalidOutput' });
}
