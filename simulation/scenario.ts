import { stringify } from 'yaml';
import type { Usage } from '../core/agents/index.ts';
import type { Json, JsonObject } from '../core/json/index.ts';

/** The part of the definition language that random workflows use, as the author would write it. */
export interface TaskDocument {
  readonly id: string;

  // What it does: exactly one of these.
  readonly agent?: string | undefined;
  readonly requires?: readonly string[] | undefined;
  readonly workflow?: ChildDocument | undefined;
  readonly wait?: WaitDocument | undefined;
  readonly emit?: { readonly event: string; readonly data?: Json | undefined } | undefined;
  readonly loop?: LoopDocument | undefined;
  readonly group?: { readonly max_parallel?: number | undefined; readonly tasks: readonly TaskDocument[] } | undefined;

  readonly depends_on?: readonly (string | { readonly task: string; readonly on: string })[] | undefined;
  readonly join?: string | { readonly quorum: number } | undefined;
  readonly when?: string | undefined;
  readonly input?: Json | undefined;
  readonly output?: JsonObject | undefined;
  readonly timeout?: number | string | undefined;
  readonly heartbeat?: number | undefined;
  readonly cache?: { readonly ttl: number | null; readonly key?: string } | undefined;
  readonly retry_policy?: string | PolicyDocument | undefined;
  readonly continue_on_failure?: boolean | undefined;
  readonly parallel?: boolean | undefined;
  readonly for_each?: ForEachDocument | undefined;
  readonly compensate?:
    | { readonly agent: string; readonly input?: Json; readonly timeout?: number; readonly retry_policy?: string }
    | undefined;
  readonly compensate_on_failure?: boolean | undefined;
}

export interface ChildDocument {
  readonly name: string;
  readonly version?: string | undefined;
  readonly input?: Json | undefined;
}

export interface WaitDocument {
  readonly seconds?: number | string | undefined;
  readonly until?: string | undefined;
  readonly event?: string | undefined;
  readonly match?: JsonObject | undefined;
  readonly timeout?: number | string | undefined;
}

export interface LoopDocument {
  readonly max_iterations: number;
  readonly until?: string | undefined;
  readonly on_exhausted?: string | undefined;
  readonly tasks: readonly TaskDocument[];
}

export interface ForEachDocument {
  readonly items: string | readonly Json[];
  readonly max_items?: number | undefined;
  readonly max_concurrency?: number | undefined;
  readonly batch?: number | undefined;
  readonly tolerate_failures?: number | string | undefined;
}

export interface PolicyDocument {
  readonly max_attempts?: number | undefined;
  readonly interval?: number | string | undefined;
  readonly backoff_rate?: number | undefined;
  readonly max_delay?: number | string | undefined;
  readonly jitter?: 'full' | 'none' | undefined;
  readonly retry_on?: readonly string[] | undefined;
}

export interface AgentDocument {
  readonly type: string;
  readonly count?: number | undefined;
  readonly capabilities?: readonly string[] | undefined;
}

export interface WorkflowDocument {
  readonly workflow: {
    readonly name: string;
    readonly version: string;
    readonly input?: JsonObject | undefined;
    readonly output?: Json | undefined;
    readonly timeout?: number | string | undefined;
    readonly concurrency?:
      | {
          readonly max_parallel?: number | undefined;
          readonly max_executions?: number | undefined;
          readonly key?: string | undefined;
          readonly on_limit?: 'queue' | 'reject' | undefined;
        }
      | undefined;
    readonly budget?: { readonly usd?: number; readonly tokens?: number; readonly calls?: number } | undefined;
    readonly on_skip?: 'satisfies' | 'propagates' | undefined;
    readonly max_retries?: number | undefined;
    readonly retry_delay?: number | undefined;
    readonly max_retry_delay?: number | undefined;
    readonly exponential_backoff?: boolean | undefined;
    readonly agents?: Readonly<Record<string, AgentDocument>> | undefined;
    readonly defaults?:
      | {
          readonly timeout?: number | string | undefined;
          readonly retry_policy?: string | PolicyDocument | undefined;
        }
      | undefined;
    readonly retry_policies?: Readonly<Record<string, PolicyDocument>> | undefined;
    readonly tasks: readonly TaskDocument[];
    readonly fault_tolerance?:
      | {
          readonly on_failure?: string | undefined;
          readonly grace?: number | undefined;
          readonly saga_pattern?: { readonly compensation_enabled: boolean; readonly serial?: boolean } | undefined;
        }
      | undefined;
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
  /** It cannot be reached: the call itself fails. */
  readonly unreachable?: boolean | undefined;
}

/**
 * Behaviours by place, then by attempt; attempts beyond the list behave like its last. A place is a task path (`lint`, `scan[2]`,
 * `refine[1]/assess`; in a child execution after the path of the task that started it: `sub>lint`), or `assess~2`: row 2
 * of task `assess`. A path without an entry of its own behaves like one of its task's rows, iterations and items by turns.
 */
export type Script = Readonly<Record<string, readonly Behaviour[]>>;

/** Everything that decides how an execution goes: JSON, so that a failing one can be kept in a file. */
export interface Scenario {
  readonly document: WorkflowDocument;
  /** Published before it, in this order. */
  readonly children?: readonly WorkflowDocument[] | undefined;
  /** Agent types of the catalogue by name. */
  readonly agentTypes: Readonly<
    Record<
      string,
      {
        readonly input?: JsonObject | undefined;
        readonly output?: JsonObject | undefined;
        /** What one call uses at most. */
        readonly cost?: Usage | undefined;
      }
    >
  >;
  readonly script: Script;
  readonly input: JsonObject;
  /** A cancel command, milliseconds after the execution's start. */
  readonly cancelAt?: number | undefined;
  /** Pauses, in order and apart; milliseconds after the execution's start. */
  readonly pauses?: readonly { readonly at: number; readonly until: number }[] | undefined;
  /** Published from outside, `at` milliseconds after the execution's start. */
  readonly events?: readonly { readonly at: number; readonly type: string; readonly data: Json }[] | undefined;
  /** Every message arrives twice: answers, timers, and the calls that a machine makes. */
  readonly echo?: boolean | undefined;
}

/** Answers `{}` at once: what a path without a script does. */
const idle: Behaviour = { answers: [{ after: 0, kind: 'succeed', value: {} }] };

const NUMBERS = /\[(\d+)\]/g;

/** The row of a task's script that a path uses when it has none of its own: the same path, the same row. */
function rowOf(script: Script, place: string): readonly Behaviour[] {
  const id = place.slice(Math.max(place.lastIndexOf('/'), place.lastIndexOf('>')) + 1).replace(NUMBERS, '');
  let rows = 0;
  while (script[`${id}~${rows}`]) rows += 1;
  if (rows === 0) return [];
  const numbers = [...place.matchAll(NUMBERS)].map((match) => Number(match[1]));
  const mixed = numbers.reduce((sum, number, depth) => sum + number * (depth + 1), 0);
  return script[`${id}~${mixed % rows}`] ?? [];
}

export function behaviourOf(script: Script, place: string, attempt: number): Behaviour {
  const behaviours = script[place] ?? rowOf(script, place);
  return behaviours[attempt - 1] ?? behaviours.at(-1) ?? idle;
}

export const documentText = (document: WorkflowDocument): string => stringify(document);
export const definitionText = ({ document }: Scenario): string => documentText(document);

/** For the message of a failed property: everything needed to see the failure again. */
export function printScenario(scenario: Scenario): string {
  const { document, children = [], script, input, cancelAt, pauses, events, echo } = scenario;
  const around = stringify({ input, cancelAt, pauses, events, echo, script }, { flow: true, lineWidth: 140 });
  return [...children, document].map(documentText).concat(around).join('---\n');
}
