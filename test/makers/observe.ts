import { isSettled, isTerminal, settlingEvents, type SkeinEvent } from '../../core/execution/index.ts';
import type { ExecutionId, TaskPath } from '../../core/ids/index.ts';
import { parseJson, type Json } from '../../core/json/index.ts';
import type { Observed, ObservedCall, ObservedExecution, ObservedTask } from '../property/observed.ts';
import { executionName } from '../property/places.ts';
import type { Stores } from '../../local/index.ts';

/** The places of tasks, by the executions that they belong to. */
export interface Places {
  /** Learns which task has started which execution. */
  hear(events: readonly SkeinEvent[]): void;
  /** Of an execution: that of the task which has started it, '' for the outermost. */
  of(execution: ExecutionId): string;
  find(execution: ExecutionId, path: TaskPath): string;
}

export function createPlaces(): Places {
  const known = new Map<ExecutionId, string>();
  const of = (execution: ExecutionId): string => {
    const place = known.get(execution);
    if (place === undefined) throw new Error(`nothing was heard of the start of ${execution}`);
    return place;
  };
  const find = (execution: ExecutionId, path: TaskPath): string => {
    const around = of(execution);
    return around === '' ? path : `${around}>${path}`;
  };
  return {
    hear: (events) => {
      for (const { type, execution, data } of events) {
        if (type !== 'workflow.execution_started') continue;
        known.set(execution, data.parent ? find(data.parent.execution, data.parent.path) : '');
      }
    },
    of,
    find,
  };
}

interface Left {
  readonly stores: Stores;
  readonly places: Places;
  /** In the order of their commits. */
  readonly happened: readonly SkeinEvent[];
  readonly startedAt: number;
}

/** All that an execution and its children have left behind, as the rules speak about it. */
export async function observe(left: Left, own: ExecutionId, calls: readonly ObservedCall[]): Promise<Observed> {
  const ids = [...new Set([own, ...left.happened.map(({ execution }) => execution)])];
  const names = ids.map((id) => [id, left.places.of(id)] as const);
  const executions = await Promise.all(ids.map((id) => observeExecution(left, id)));
  const [outermost] = executions;
  if (!outermost) throw new Error('there is no execution');
  const children = names.flatMap(([id, place], position) => {
    const seen = executions[position];
    return id === own || !seen ? [] : [[place, seen.execution] as const];
  });
  const observed: Observed = {
    ...outermost.execution,
    children: Object.fromEntries(children),
    tasks: executions.flatMap(({ tasks }) => tasks),
    calls: calls.map((call) => ({ ...call, at: call.at - left.startedAt })),
    order: orderOf(left),
  };
  return withNames(observed, names);
}

/** Ids of executions are drawn by chance: inside values they read as the rules call them. */
function withNames(observed: Observed, names: readonly (readonly [ExecutionId, string])[]): Observed {
  const text = names.reduce((all, [id, place]) => all.replaceAll(id, executionName(place)), JSON.stringify(observed));
  return JSON.parse(text) as Observed;
}

const settling = new Set<string>(Object.values(settlingEvents));

async function observeExecution(
  { stores, places, startedAt }: Left,
  id: ExecutionId,
): Promise<{ execution: ObservedExecution; tasks: ObservedTask[] }> {
  const { ledger } = stores;
  const record = await ledger.findExecution(id);
  if (!record || !isTerminal(record.status)) throw new Error(`${id} has no terminal record`);
  const events = await ledger.listEvents(id);
  const settled = events.flatMap(({ path, type, time }) => (path !== '' && settling.has(type) ? [{ path, time }] : []));
  const tasks = settled.map(async ({ path, time }): Promise<ObservedTask> => {
    const task = await ledger.findTask(id, path);
    if (!task || !isSettled(task.status)) throw new Error(`${path} has a settling event and no settled record`);
    const { status, attempts, error } = task;
    const output = await valueOf(stores, task.output);
    return { path: places.find(id, path), status, attempts, output, error, settledAt: time - startedAt };
  });
  const execution = {
    status: record.status,
    output: await valueOf(stores, record.output),
    endedAt: (record.endedAt ?? startedAt) - startedAt,
    completions: events.filter((event) => event.type === 'workflow.execution_completed').length,
  };
  return { execution, tasks: await Promise.all(tasks) };
}

async function valueOf({ blobs }: Stores, stored: { inline: Json } | { blob: string } | undefined): Promise<Json> {
  if (!stored) return null;
  return 'inline' in stored ? stored.inline : parseJson(await blobs.get(stored.blob));
}

function orderOf({ happened, places }: Left): string[] {
  const marks = happened.map((event) => {
    const { execution, path } = event;
    return markOf(event, path === '' ? places.of(execution) : places.find(execution, path));
  });
  return marks.filter((mark) => mark !== '');
}

/** What the rules call an event. */
function markOf(event: SkeinEvent, place: string): string {
  switch (event.type) {
    case 'task.assigned':
      return `call ${place}#${event.data.attempt}`;
    case 'task.opened':
      return event.data.round === undefined ? `open ${place}` : `open ${place}#${event.data.round}`;
    case 'workflow.execution_started':
      return `start ${place}`;
    case 'workflow.status_changed':
      return markOfStatus(event.data, place);
    case 'workflow.execution_completed':
      return `end ${place}`;
    default:
      return settling.has(event.type) ? `settle ${place}` : '';
  }
}

type StatusChanged = Extract<SkeinEvent, { type: 'workflow.status_changed' }>['data'];

function markOfStatus({ from, to }: StatusChanged, place: string): string {
  if (to === 'stopping') return `stop ${place}`;
  if (to === 'paused') return `pause ${place}`;
  return from === 'paused' ? `unpause ${place}` : '';
}
