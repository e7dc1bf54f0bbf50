import { stringify } from 'yaml';
import type { Json, JsonObject } from '../../core/json/index.ts';

/** The part of the definition language that random workflows use, as the author would write it. */
export interface TaskDocument {
  readonly id: string;
  readonly agent: string;
  readonly depends_on?: readonly (string | { readonly task: string; readonly on: string })[] | undefined;
  readonly join?: string | { readonly quorum: number } | undefined;
  readonly when?: string | undefined;
  readonly input?: Json | undefined;
  readonly output?: JsonObject | undefined;
  readonly timeout?: number | string | undefined;
  readonly heartbeat?: number | undefined;
  readonly retry_policy?: string | PolicyDocument | undefined;
  readonly continue_on_failure?: boolean | undefined;
  readonly parallel?: boolean | undefined;
}

export interface PolicyDocument {
  readonly max_attempts: number;
  readonly interval: number;
  readonly backoff_rate: number;
  readonly max_delay: number;
  readonly jitter: 'full' | 'none';
  readonly retry_on?: readonly string[] | undefined;
}

export interface WorkflowDocument {
  readonly workflow: {
    readonly name: string;
    readonly version: string;
    readonly input?: JsonObject | undefined;
    readonly output?: Json | undefined;
    readonly timeout?: number | string | undefined;
    readonly concurrency?: { readonly max_parallel: number } | undefined;
    readonly on_skip?: 'satisfies' | 'propagates' | undefined;
    readonly agents: Readonly<Record<string, { readonly type: string; readonly count?: number | undefined }>>;
    readonly retry_policies?: Readonly<Record<string, PolicyDocument>> | undefined;
    readonly tasks: readonly TaskDocument[];
    readonly fault_tolerance?:
      { readonly on_failure?: string | undefined; readonly grace?: number | undefined } | undefined;
  };
}

export interface ScriptedError {
  readonly name: string;
  readonly message: string;
  readonly retryable?: boolean | undefined;
  /** Seconds. */
  readonly retryAfter?: number | undefined;
}

/** One thing that an agent does during an attempt, `after` milliseconds from the call. */
export type Answer =
  | { readonly after: number; readonly kind: 'succeed'; readonly value: Json }
  | { readonly after: number; readonly kind: 'fail'; readonly error: ScriptedError }
  | { readonly after: number; readonly kind: 'crash' };

/**
 * What an agent does with one attempt. Only the first answer in time may count: a second one is a duplicate,
 * one after `timeout` is late, and an empty list is an agent that never answers.
 */
export interface Behaviour {
  /** In order of `after`, no two at the same moment. */
  readonly answers: readonly Answer[];
  /** Signs of life at `every`, 2·`every`, … milliseconds, `count` of them. */
  readonly beats?: { readonly every: number; readonly count: number } | undefined;
  /** Told to stop because the execution stops, it fails with `Stopped` at once. Otherwise it works on. */
  readonly obeysStop?: boolean | undefined;
}

/** Behaviours by task path (`lint`, `scan[2]`), then by attempt; attempts beyond the list behave like its last. */
export type Script = Readonly<Record<string, readonly Behaviour[]>>;

/** Everything that decides how an execution goes: JSON, so that a failing one can be kept in a file. */
export interface Scenario {
  readonly document: WorkflowDocument;
  /** Agent types of the catalogue by name. */
  readonly agentTypes: Readonly<
    Record<string, { readonly input?: JsonObject | undefined; readonly output?: JsonObject | undefined }>
  >;
  readonly script: Script;
  readonly input: JsonObject;
  /** A cancel command, milliseconds after the execution's start. */
  readonly cancelAt?: number | undefined;
}

/** Answers `{}` at once: what a path without a script does. */
const idle: Behaviour = { answers: [{ after: 0, kind: 'succeed', value: {} }] };

export function behaviourOf(script: Script, path: string, attempt: number): Behaviour {
  const behaviours = script[path] ?? [];
  return behaviours[attempt - 1] ?? behaviours.at(-1) ?? idle;
}

export function definitionText(scenario: Scenario): string {
  return stringify(scenario.document);
}

/** For the message of a failed property: everything needed to see the failure again. */
export function printScenario(scenario: Scenario): string {
  const { script, input, cancelAt } = scenario;
  const around = stringify({ input, cancelAt, script }, { flow: true, lineWidth: 140 });
  return `${definitionText(scenario)}---\n${around}`;
}
