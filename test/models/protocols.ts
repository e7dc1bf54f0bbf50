import { isSettled, settlingEvents } from '../../core/execution/index.ts';
import { smallPlan } from '../makers/small-plan.ts';
import {
  createEngineModel,
  eventsOf,
  executionOf,
  taskOf,
  tasksOf,
  type EngineModelOptions,
  type EngineState,
  type FaultKind,
  type Planted,
} from './engine-model.ts';
import type { Model } from './explore.ts';

/** How large a model is. */
export interface Bounds {
  readonly processes: number;
  readonly faults: number;
  readonly planted?: Planted;
  /** Without stream and sweeper. */
  readonly alone?: true;
}

export interface Protocol {
  readonly name: string;
  readonly title: string;
  /** What is explored, in one sentence. */
  readonly about: string;
  /** All that is explored of it; the first are small enough for every test run. */
  readonly bounds: readonly Bounds[];
  create(bounds: Bounds): Promise<Model<EngineState>>;
}

const kinds: readonly FaultKind[] = ['lost answer', 'crash', 'twice'];
const settling = new Set<string>(Object.values(settlingEvents));
const once = { maxAttempts: 1, interval: 1, backoffRate: 1, maxDelay: 1, jitter: 'none' } as const;
const twice = { ...once, maxAttempts: 2 } as const;

/** What no state of any protocol may break. */
const promises: EngineModelOptions['invariants'] = {
  'a task settles once': (state) => tasksOf(state).every(({ path }) => settlements(state, path) <= 1),
  'what has settled stays settled': (state) =>
    tasksOf(state).every(({ path, status }) => settlements(state, path) === (isSettled(status) ? 1 : 0)),
  'events of a task have no gaps': (state) =>
    tasksOf(state).every(
      ({ path, events }) => eventsOf(state).filter((event) => event.path === path).length === events,
    ),
  'an agent is called for an attempt that is written down': (state) =>
    calls(state).every(
      ({ path, attempt }) => (taskOf(state, path)?.attempts ?? 0) >= attempt || isWithdrawn(state, path),
    ),
  'an attempt is called when the one before has ended': (state) =>
    calls(state).every(({ path, attempt }) => retries(state, path) >= attempt - 1),
  'a state is told what its task has become': (state) =>
    tasksOf(state).every(
      ({ path, status }) => !state.effects.includes(`token ${path} succeeded`) || status === 'succeeded',
    ),
  'an execution ends once': (state) =>
    eventsOf(state).filter(({ type }) => type === 'workflow.execution_completed').length <= 1,
};

function settlements(state: EngineState, path: string): number {
  return eventsOf(state).filter((event) => event.path === path && settling.has(event.type)).length;
}

function retries(state: EngineState, path: string): number {
  return eventsOf(state).filter((event) => event.path === path && event.type === 'task.retried').length;
}

function isWithdrawn(state: EngineState, path: string): boolean {
  const status = taskOf(state, path)?.status;
  return status === 'cancelled' || status === 'unknown';
}

function calls({ effects }: EngineState): readonly { readonly path: string; readonly attempt: number }[] {
  return effects.flatMap((effect) => {
    const [, path = '', attempt = ''] = /^call (.+)#(\d+)$/.exec(effect) ?? [];
    return path === '' ? [] : [{ path, attempt: Number(attempt) }];
  });
}

const dispatchAndSettle: Protocol = {
  name: 'dispatch-and-settle',
  title: 'Dispatch and settlement',
  bounds: [
    { processes: 1, faults: 1 },
    { processes: 1, faults: 2 },
    { processes: 2, faults: 0 },
  ],
  about:
    'A task whose first attempt fails and whose second one succeeds: dispatch, answers, the timer of the retry, the stream.',
  create: (bounds) =>
    createEngineModel({
      ...bounds,
      kinds,
      plan: smallPlan({ a: { retry: twice } }),
      messages: ['dispatch a'],
      fails: (_path, attempt) => attempt === 1,
      timers: ['wake', 'grace'],
      invariants: promises,
    }),
};

const parkAndWake: Protocol = {
  name: 'park-and-wake',
  title: 'Parking and waking',
  bounds: [
    { processes: 1, faults: 1 },
    { processes: 1, faults: 2 },
    { processes: 2, faults: 0 },
  ],
  about: 'Two tasks, of which the second needs the first: parking, watches, settlement and waking.',
  create: (bounds) =>
    createEngineModel({
      ...bounds,
      kinds,
      plan: smallPlan({ a: { retry: once }, b: { after: ['a'], retry: once } }),
      messages: ['dispatch a', 'dispatch b'],
      timers: ['grace'],
      invariants: {
        ...promises,
        'nothing starts before what it needs': (state) =>
          !calls(state).some(({ path }) => path === 'b') || taskOf(state, 'a')?.status === 'succeeded',
      },
    }),
};

const places: Protocol = {
  name: 'places',
  title: 'Places of a limit',
  bounds: [
    { processes: 1, faults: 1 },
    { processes: 1, faults: 2 },
    { processes: 2, faults: 0 },
  ],
  about: 'Two tasks and one place of `max_parallel`: taking, queueing, giving back and waking.',
  create: (bounds) =>
    createEngineModel({
      ...bounds,
      kinds,
      plan: smallPlan({ a: { retry: once }, b: { retry: once } }, { maxParallel: 1 }),
      messages: ['dispatch a', 'dispatch b'],
      timers: ['grace'],
      invariants: {
        ...promises,
        'no more work at once than there are places': (state) =>
          tasksOf(state).filter(({ attempt }) => attempt !== undefined).length <= 1,
      },
    }),
};

/** Messages that may come whenever they like; without others nobody is going to look at the execution again. */
const isPatient = (message: string): boolean => message.startsWith('answer') || message.includes('"grace"');

const stopAgainstDispatch: Protocol = {
  name: 'stop-against-dispatch',
  title: 'Stop against dispatch',
  bounds: [
    { processes: 1, faults: 1 },
    { processes: 1, faults: 2 },
    { processes: 2, faults: 0 },
  ],
  about:
    'A cancel while a task is dispatched: intent, stop, the signal to the agent, the end of the machine and the conclusion.',
  create: (bounds) =>
    createEngineModel({
      ...bounds,
      kinds,
      plan: smallPlan({ a: { retry: once } }),
      messages: ['cancel', 'dispatch a'],
      timers: ['grace'],
      invariants: {
        ...promises,
        'no agent works on that was told nothing': (state) => {
          const isQuiet = state.processes.length === 0 && state.messages.every(isPatient);
          const isWorking = taskOf(state, 'a')?.attempt !== undefined && state.effects.includes('call a#1');
          const isTold = state.effects.some((effect) => effect.startsWith('cancel '));
          return !isQuiet || !isWorking || isTold || executionOf(state).status === 'running';
        },
      },
    }),
};

export const protocols: readonly Protocol[] = [dispatchAndSettle, parkAndWake, places, stopAgainstDispatch];
