// The Amazon States Language as this compiler writes it: JSONata only, and only the state types it emits.
import type { Json, JsonObject } from '../../core/json/index.ts';

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxAttempts?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Assign?: JsonObject;
  readonly Output?: Json;
  readonly Next: string;
}

interface Transition {
  readonly Next?: string;
  readonly End?: true;
}

export interface TaskState extends Transition {
  readonly Type: 'Task';
  readonly Comment?: string;
  readonly Resource: string;
  readonly Arguments?: JsonObject;
  readonly Assign?: JsonObject;
  readonly Output?: Json;
  readonly TimeoutSeconds?: number;
  readonly HeartbeatSeconds?: number;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface ParallelState extends Transition {
  readonly Type: 'Parallel';
  readonly Comment?: string;
  readonly Branches: readonly Branch[];
  readonly Assign?: JsonObject;
  readonly Output?: Json;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface ChoiceRule {
  readonly Condition: string;
  readonly Next: string;
  readonly Assign?: JsonObject;
  readonly Output?: Json;
}

export interface ChoiceState {
  readonly Type: 'Choice';
  readonly Comment?: string;
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
  /** When no rule holds, so on the way to the Default. */
  readonly Assign?: JsonObject;
  readonly Output?: Json;
}

export interface PassState extends Transition {
  readonly Type: 'Pass';
  readonly Comment?: string;
  readonly Assign?: JsonObject;
  readonly Output?: Json;
}

export interface SucceedState {
  readonly Type: 'Succeed';
  readonly Comment?: string;
}

export interface FailState {
  readonly Type: 'Fail';
  readonly Comment?: string;
  readonly Error?: string;
  readonly Cause?: string;
}

export type State = TaskState | ParallelState | ChoiceState | PassState | SucceedState | FailState;

export interface Branch {
  readonly StartAt: string;
  readonly States: { readonly [name: string]: State };
}

export interface Machine extends Branch {
  readonly Comment?: string;
  readonly QueryLanguage: 'JSONata';
}
