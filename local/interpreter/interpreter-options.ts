import type { Json } from '../../core/json/index.ts';
import type { Clock } from '../../core/ports/index.ts';
import type { Home } from './execution-context.ts';
import type { HistoryEvent } from './history.ts';
import type { NamedMachine } from './running-machine.ts';
import type { TaskAnswers, TaskRequest } from './task-answers.ts';

export type Cancel = () => void;

/** The world as an interpreter sees it. Nothing else comes in. */
export interface InterpreterOptions {
  readonly clock: Clock;
  /** Runs `run` once, at or after `at` (epoch milliseconds; a compiled task's timeout lies a year ahead). */
  readonly schedule: (at: number, run: () => void) => Cancel;
  /** Stands in for Lambda. A rejection's `name` becomes the error that Retry and Catch see, its message the cause. */
  readonly invoke: (functionName: string, payload: Json) => Promise<Json>;
  /** The machine behind a StateMachineArn, for tasks that start executions. Without it there is none. */
  readonly findMachine?: (arn: string) => NamedMachine | undefined;
  /** Takes the place of what a Resource names; asked first. Undefined leaves the task to `invoke` and `findMachine`. */
  readonly standIn?: (request: TaskRequest) => TaskAnswers | undefined;
  /** Default: a place that is none. */
  readonly home?: Home;
  readonly newToken: () => string;
  /** Uniform in [0, 1): the jitter of retries. */
  readonly random: () => number;
  /** Sees every event as it happens, with the name its machine was started under, a nested one's with its own. Must not throw. */
  readonly onHistory?: (event: HistoryEvent, name: string) => void;
  /** False leaves `history` of the result empty: a large machine has six events a task. Default true. */
  readonly keepHistory?: boolean;
}
