import type { Json, JsonObject } from '../../core/json/index.ts';

/** Each kind of task has its own names for the same events. */
export type TaskEvents = 'Task' | 'LambdaFunction' | 'Activity';

export type HistoryEventType =
  | 'ExecutionStarted'
  | 'ExecutionSucceeded'
  | 'ExecutionFailed'
  | 'ExecutionAborted'
  | 'ExecutionTimedOut'
  | 'PassStateEntered'
  | 'PassStateExited'
  | 'ChoiceStateEntered'
  | 'ChoiceStateExited'
  | 'SucceedStateEntered'
  | 'SucceedStateExited'
  | 'FailStateEntered'
  | 'TaskStateEntered'
  | `${TaskEvents}${'Scheduled' | 'Started' | 'Succeeded' | 'Failed' | 'TimedOut'}`
  | 'TaskSubmitted'
  | 'TaskStateAborted'
  | 'TaskStateExited'
  | 'ParallelStateEntered'
  | 'ParallelStateStarted'
  | 'ParallelStateSucceeded'
  | 'ParallelStateFailed'
  | 'ParallelStateAborted'
  | 'ParallelStateExited'
  | 'MapStateEntered'
  | 'MapStateStarted'
  | 'MapIterationStarted'
  | 'MapIterationSucceeded'
  | 'MapIterationFailed'
  | 'MapIterationAborted'
  | 'MapStateSucceeded'
  | 'MapStateFailed'
  | 'MapStateAborted'
  | 'MapStateExited'
  | 'WaitStateEntered'
  | 'WaitStateAborted'
  | 'WaitStateExited'
  | 'EvaluationFailed';

/** One event as GetExecutionHistory lists it, with the type's own details object under one name. */
export interface HistoryEvent {
  readonly id: number;
  /** 0 for the first events of a machine. Each branch of a Parallel and each iteration of a Map has a chain of its own. */
  readonly previousEventId: number;
  readonly type: HistoryEventType;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly details: JsonObject;
}

export interface History {
  readonly events: readonly HistoryEvent[];
  /** Answers the event's id. */
  record(type: HistoryEventType, previousEventId: number, details: JsonObject): number;
}

interface HistoryOptions {
  readonly now: () => number;
  readonly keep: boolean;
  readonly onEvent: ((event: HistoryEvent) => void) | undefined;
}

/** Ids are counted even when nobody listens: causes of errors name them. */
export function createHistory({ now, keep, onEvent }: HistoryOptions): History {
  const events: HistoryEvent[] = [];
  let lastId = 0;
  return {
    events,
    record(type, previousEventId, details) {
      lastId += 1;
      if (!keep && !onEvent) return lastId;
      const event = { id: lastId, previousEventId, type, timestamp: now(), details };
      if (keep) events.push(event);
      onEvent?.(event);
      return lastId;
    },
  };
}

/** Details without the members that have no value: AWS leaves them out. */
export function detailsOf(members: { readonly [name: string]: Json | undefined }): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter((member): member is [string, Json] => member[1] !== undefined),
  );
}
