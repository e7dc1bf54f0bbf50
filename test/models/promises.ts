import { isSettled, isTerminal, settlingEvents, waitsWithoutCause } from '../../core/execution/index.ts';
import { verifyHistory, type AnomalyName } from '../../core/projections/index.ts';
import type { Plan } from '../../core/plan/index.ts';
import {
  eventsOf,
  executionOf,
  recordsOf,
  taskOf,
  tasksOf,
  type EngineModelOptions,
  type EngineState,
} from './engine-model.ts';
import { EXECUTION } from './operations.ts';

const settling = new Set<string>(Object.values(settlingEvents));

/** What no state of any protocol may break. */
export const promises: EngineModelOptions['invariants'] = {
  'a task settles once': (state) => tasksOf(state).every(({ path }) => settlements(state, path) <= 1),
  'what has settled stays settled': (state) =>
    tasksOf(state).every(({ path, status }) => settlements(state, path) === (isSettled(status) ? 1 : 0)),
  'events of a task have no gaps': (state) =>
    tasksOf(state).every(
      ({ path, events }) => eventsOf(state).filter((event) => event.path === path).length === events,
    ),
  'events of an execution have no gaps': (state) => {
    const execution = executionOf(state);
    return !execution || eventsOf(state).filter(({ path }) => path === '').length === execution.events;
  },
  'what has ended stays ended': (state) => {
    const ends = eventsOf(state).filter(({ type }) => type === 'workflow.execution_completed').length;
    return ends === (isTerminal(executionOf(state)?.status ?? 'planning') ? 1 : 0);
  },
  'nothing goes on that was stopped': (state) => {
    const isStopped = eventsOf(state).some(
      ({ type, data }) => type === 'workflow.status_changed' && data.to === 'stopping',
    );
    const status = executionOf(state)?.status;
    return !isStopped || (status !== 'planning' && status !== 'running' && status !== 'paused');
  },
  'an agent is called for an attempt that is written down': (state) =>
    ownCalls(state).every(
      ({ path, attempt }) => (taskOf(state, path)?.attempts ?? 0) >= attempt || isWithdrawn(state, path),
    ),
  'an attempt is called when the one before has ended': (state) =>
    ownCalls(state).every(({ path, attempt }) => retries(state, path) >= attempt - 1),
  'a state is told what its task has become': (state) =>
    tasksOf(state).every(
      ({ path, status }) => !state.effects.includes(`token ${path} succeeded`) || status === 'succeeded',
    ),
  'nothing waits without a cause': (state) => !tasksOf(state).some(waitsWithoutCause),
  'an execution ends once': (state) =>
    eventsOf(state).filter(({ type }) => type === 'workflow.execution_completed').length <= 1,
};

/** Of protocols in which no other promise tells whose commit was the second. */
export const appendsOnly: EngineModelOptions['invariants'] = {
  'what has happened is never written over': ({ effects }) => !effects.some((it) => it.startsWith('written over')),
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

/** Agents that were called, those of other executions with these before their paths. */
export function calls({ effects }: EngineState): readonly { readonly path: string; readonly attempt: number }[] {
  return effects.flatMap((effect) => {
    const [, path = '', attempt = ''] = /^call (.+)#(\d+)$/.exec(effect) ?? [];
    return path === '' ? [] : [{ path, attempt: Number(attempt) }];
  });
}

function ownCalls(state: EngineState): ReturnType<typeof calls> {
  return calls(state).filter(({ path }) => !path.startsWith('exec_'));
}

/** Spans and moments that are read from clocks: those of models jump. */
const byClock: ReadonlySet<AnomalyName> = new Set([
  'limit_exceeded',
  'calls_at_once',
  'waited_too_short',
  'wrong_event',
]);

/** What `skein verify` looks at holds of everything that an execution leaves behind. */
export function keepsHistory(plan: Plan, id: string = EXECUTION): EngineModelOptions['invariants'] {
  const verdicts = new WeakMap<EngineState['ledger'], boolean>();
  const holds = (state: EngineState): boolean => {
    const records = recordsOf(state, id);
    const violations = verifyHistory({ events: eventsOf(state, id), plan, records });
    return violations.every(({ name }) => byClock.has(name));
  };
  return {
    'its history breaks no promise, and nothing is left behind': (state) => {
      const isQuiet = state.processes.length === 0 && state.messages.length === 0;
      if (!isQuiet || !isTerminal(executionOf(state, id)?.status ?? 'planning')) return true;
      const verdict = verdicts.get(state.ledger) ?? holds(state);
      verdicts.set(state.ledger, verdict);
      return verdict;
    },
  };
}
