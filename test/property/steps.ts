import type { Json } from '../../core/json/index.ts';
import { distinct, entrancesOf } from './entrances.ts';
import { outcomeOf, waysToCollect } from './endings.ts';
import { begin, call, endAttempt, endExecution, hasPlace, publish, settle, startCall, stopExecution } from './moves.ts';
import { nextCommand, obey } from './pauses.ts';
import { timeText } from './scopes.ts';
import type { Entry, Execution, PublishedEvent, State, StopReason, Entrance } from './state.ts';

/** Something that can happen now. */
export interface Step {
  /** What an observer would call it; '' for what nobody sees. */
  readonly mark: string;
  /** It may as well not happen. */
  readonly isOptional?: true;
  readonly take: (state: State) => void;
}

/** Everything that can happen in this millisecond. When nothing has to, time may go on. */
export function stepsOf(state: State): Step[] {
  const steps = state.live().flatMap((entry) => stepsOfEntry(state, entry));
  for (const execution of state.executions)
    if (execution.endedAs === undefined) steps.push(...stepsOfExecution(state, execution));
  const { events = [] } = state.setting.scenario;
  const event = events[state.outside];
  if (event && event.at <= state.now) steps.push({ mark: '', take: (next) => publishOutside(next, event) });
  const command = nextCommand(state);
  if (command && command.at <= state.now) steps.push({ mark: `${command.kind} `, take: (next) => obey(next, command) });
  return steps;
}

function publishOutside(state: State, { type, data }: { type: string; data: Json }): void {
  state.outside += 1;
  const shown = { id: `event-${state.outside}`, type, source: 'outside', time: timeText(state.now), data };
  publish(state, type, data, shown);
}

function stepsOfExecution(state: State, execution: Execution): Step[] {
  const { place, stop, unsettled, pausedAt } = execution;
  const stops = stop ? [] : stopsOf(state, execution);
  if (unsettled > 0 || pausedAt !== undefined) return stops;
  const { status, output } = outcomeOf(state, execution);
  return [
    { mark: `end ${place}`, take: (next) => endExecution(next, next.execution(place), status, output) },
    // In the millisecond of the end, a command or a clock may still have been first.
    ...stops.map((step): Step => ({ ...step, isOptional: true })),
  ];
}

function stopsOf(state: State, { place, deadline, isToldToStop, pausedAt }: Execution): Step[] {
  const stopping = (reason: StopReason): Step => ({
    mark: `stop ${place}`,
    take: (next) => stopExecution(next, place, reason),
  });
  const isCancelled = isToldToStop || (place === '' && state.setting.scenario.cancelAt === state.now);
  const isDue = deadline === state.now && pausedAt === undefined;
  return [...(isDue ? [stopping('timed_out')] : []), ...(isCancelled ? [stopping('cancelled')] : [])];
}

function stepsOfEntry(state: State, entry: Entry): Step[] {
  const { phase, place } = entry;
  const { stop, pausedAt } = state.executionOf(entry);
  if (phase === 'running') return stepsOfAttempt(state, entry, stop?.cutAt);
  if (phase === 'open') return stepsOfContainer(state, entry, stop !== undefined);
  if (stop || pausedAt !== undefined) return [];
  switch (phase) {
    case 'waiting':
      return stepsOfAdmission(state, entry);
    case 'queued':
      return stepsInQueue(state, entry);
    case 'retrying':
      return entry.dueAt <= state.now && hasPlace(state, entry)
        ? [{ mark: `call ${place}#${entry.attempts + 1}`, take: (next) => call(next, next.entry(place), entry.given) }]
        : [];
    case 'asleep':
      return stepsOfWait(state, entry);
    default:
      return [];
  }
}

function stepsOfAttempt(state: State, { place, endings }: Entry, cutAt: number | undefined): Step[] {
  const mark = `settle ${place}`;
  const due = endings.filter(({ at }) => at === state.now);
  return [
    ...due.map((ending): Step => ({ mark, take: (next) => endAttempt(next, next.entry(place), ending) })),
    ...(cutAt === state.now ? [{ mark, take: (next: State) => settle(next, place, 'unknown') }] : []),
  ];
}

/** The same join for all entries of a task; a call of a `for_each` has none. */
function stepsOfAdmission(state: State, entry: Entry): Step[] {
  const { place, task, frame, part } = entry;
  const { skipPropagates } = state.executionOf(entry).workflow;
  const verdict =
    part?.of === 'each'
      ? 'run'
      : state.setting.rules.verdictOf(
          task,
          skipPropagates,
          (edge) => state.find(frame.prefix + edge.task)?.result?.status,
        );
  if (verdict === 'wait') return [];
  if (verdict !== 'run') {
    const status = verdict === 'skip' ? 'skipped' : 'upstream_failed';
    return [{ mark: `settle ${place}`, take: (next) => settle(next, place, status) }];
  }
  const said = entrancesOf(state, entry);
  return said.map((entrance) => enter(entry, entrance, said));
}

function enter({ place, task, attempts, part }: Entry, entrance: Entrance, said: readonly Entrance[]): Step {
  const mark = `settle ${place}`;
  if (entrance.kind === 'skip') return { mark, take: (next) => settle(next, place, 'skipped') };
  if (entrance.kind === 'refuse')
    return { mark, take: (next) => settle(next, place, 'failed', { error: 'InvalidInput' }) };
  const marks = {
    agent: `call ${place}#${attempts + 1}`,
    child: `start ${place}`,
    group: `open ${place}`,
    loop: `open ${place}#0`,
    wait: mark,
    emit: mark,
  };
  return {
    mark: task.spread?.kind === 'each' && !part ? `open ${place}` : marks[task.work.kind],
    take: (next) => {
      begin(next, next.entry(place), entrance.given);
      if (next.entry(place).phase === 'queued') next.change(place, { said });
    },
  };
}

/** While it waits for a place, `when` and input may be evaluated again at any time: what they have said once may count. */
function stepsInQueue(state: State, entry: Entry): Step[] {
  const { place } = entry;
  const current = entrancesOf(state, entry);
  const said = distinct([...entry.said, ...current]);
  if (said.length > entry.said.length) state.change(place, { said });
  const isFree = hasPlace(state, entry);
  return (isFree ? said : current.filter(({ kind }) => kind !== 'start')).map((entrance) => ({
    ...enter(entry, entrance, said),
    ...(isFree ? {} : { isOptional: true as const }),
  }));
}

/** The first event that fits; one of the millisecond in which the execution was started may have been before that. */
function firstEvents(
  state: State,
  entry: Entry,
): { readonly sure: PublishedEvent[]; readonly unsure: PublishedEvent[] } {
  const { work } = entry.task;
  if (work.kind !== 'wait' || work.wait.kind !== 'event') return { sure: [], unsure: [] };
  const { type } = work.wait;
  const { startedAt, eventsBefore } = state.executionOf(entry);
  const fitting = state.events.flatMap((event, index) =>
    event.type === type && event.at >= startedAt && state.setting.rules.matchesEvent(entry.given, event.data)
      ? [{ event, isSure: index >= eventsBefore }]
      : [],
  );
  const sure = fitting.filter(({ isSure }) => isSure).map(({ event }) => event);
  return {
    sure: sure.filter(({ at }) => at === sure[0]?.at),
    unsure: fitting.filter(({ isSure }) => !isSure).map(({ event }) => event),
  };
}

function stepsOfWait(state: State, entry: Entry): Step[] {
  const { place, task, dueAt } = entry;
  const mark = `settle ${place}`;
  const isDue = dueAt <= state.now;
  if (task.work.kind !== 'wait' || task.work.wait.kind !== 'event')
    return isDue ? [{ mark, take: (next) => settle(next, place, 'succeeded') }] : [];
  const { sure, unsure } = firstEvents(state, entry);
  // One that came while a pause had kept the end of its time back has come in time.
  const isMissed = isDue && (sure.length === 0 || dueAt === state.now);
  const hears = ({ shown }: PublishedEvent): Step => ({
    mark,
    take: (next) => settle(next, place, 'succeeded', { output: shown }),
  });
  return [
    ...sure.map(hears),
    ...unsure.map((event): Step => ({ ...hears(event), isOptional: true })),
    ...(isMissed ? [{ mark, take: (next: State) => settle(next, place, 'failed', { error: 'WaitTimeout' }) }] : []),
  ];
}

function stepsOfContainer(state: State, entry: Entry, isStopping: boolean): Step[] {
  const { place, progress, unsettled, task, inside } = entry;
  const steps: Step[] = [];
  if (progress && task.spread?.kind === 'each') {
    const { started, calls, failedItems, tolerated } = progress;
    const startsNoMore = isStopping || started === calls.length || failedItems > tolerated;
    if (!startsNoMore && unsettled < task.spread.maxConcurrency)
      return [
        {
          mark: `entry ${place}[${started}]`,
          take: (next) => startCall(next, next.entry(place)),
        },
      ];
    if (!startsNoMore) return [];
  }
  if (unsettled > 0) return steps;
  const round = inside?.loop && task.work.kind === 'loop' ? `open ${place}#${inside.loop.index + 1}` : '';
  const mark = [`settle ${place}`, round].filter(Boolean).join('|');
  return waysToCollect(state, entry).map((way) => ({ mark, take: way }));
}

/** The next moment at which something is due. */
export function nextMoment(state: State): number {
  const { cancelAt, events = [] } = state.setting.scenario;
  const moments = [cancelAt ?? Infinity, events[state.outside]?.at ?? Infinity, nextCommand(state)?.at ?? Infinity];
  for (const { endedAs, stop, deadline, pausedAt } of state.executions)
    if (endedAs === undefined && pausedAt === undefined) moments.push(stop ? stop.cutAt : deadline);
  for (const entry of state.live()) {
    if (entry.phase === 'running') moments.push(...entry.endings.map(({ at }) => at));
    if (entry.phase === 'retrying' || entry.phase === 'asleep') moments.push(entry.dueAt);
  }
  return Math.min(...moments.filter((moment) => moment > state.now));
}
