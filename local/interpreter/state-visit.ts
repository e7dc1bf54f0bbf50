import { isJsonObject, type Json, type JsonObject } from '../../core/json/index.ts';
import type { BranchRun } from './branch-run.ts';
import { exceedsDataLimit } from './data-limit.ts';
import type { EvaluateExpression } from './expressions.ts';
import { detailsOf } from './history.ts';
import type { InterpreterOptions } from './interpreter-options.ts';
import type { Pacer } from './pacer.ts';
import type { MachineStart, RunningMachine } from './running-machine.ts';
import { StateFailure, tooLargeFailure } from './state-failure.ts';
import { fillTemplate, sourceOf } from './template.ts';
import type { TaskTokens } from './task-tokens.ts';

/** What all states of one running machine share. */
export interface Surroundings {
  readonly options: InterpreterOptions;
  readonly evaluate: EvaluateExpression;
  readonly tokens: TaskTokens;
  readonly pacer: Pacer;
  /** For tasks that run machines of their own. */
  readonly startMachine: (start: MachineStart) => RunningMachine;
  /** The part of `$states.context` that stays the same: Execution and StateMachine. */
  readonly context: JsonObject;
}

/** What a state gives, and where control goes: nowhere when `next` is undefined, for the branch then ends. */
export interface Outcome {
  readonly output: Json;
  readonly next: string | undefined;
  /** Variables that the state assigns; the next state is the first to see them. */
  readonly assigned?: JsonObject;
}

/** A way out of a state: its own, a Choice's rule or a Catch. */
interface Exit {
  readonly Assign?: JsonObject;
  readonly Output?: Json;
  readonly Next?: string;
}

interface Entry {
  readonly surroundings: Surroundings;
  readonly branch: BranchRun;
  readonly name: string;
  readonly input: Json;
  /** All that the state sees, the outer scopes' as well. */
  readonly variables: JsonObject;
  /** Id of the event by which the state was entered; causes of errors name it. */
  readonly enteredBy: number;
}

/** Values that only some fields see; `context` is added to what the context holds for all. */
type MoreStates = { readonly result?: Json; readonly errorOutput?: Json; readonly context?: JsonObject };

/** One stay in a state, from its Entered event to its Exited event, retries included. */
export class StateVisit {
  readonly surroundings: Surroundings;
  readonly branch: BranchRun;
  readonly name: string;
  readonly input: Json;
  readonly variables: JsonObject;
  /** A token of this attempt, for `$states.context.Task.Token`. */
  taskToken: string | undefined;
  /** Undefined in states that cannot be retried. */
  retryCount: number | undefined;
  readonly #enteredBy: number;
  readonly #enteredAt: number;

  constructor({ surroundings, branch, name, input, variables, enteredBy }: Entry) {
    this.surroundings = surroundings;
    this.branch = branch;
    this.name = name;
    this.input = input;
    this.variables = variables;
    this.#enteredBy = enteredBy;
    this.#enteredAt = surroundings.options.clock.now();
  }

  /** The template's value. `field` is its name as AWS writes it in errors. */
  async fill(template: Json, field: string, more: MoreStates = {}): Promise<Json> {
    const states = { input: this.input, ...more, context: this.#context(more.context) };
    const scope = { states, variables: this.variables };
    return fillTemplate(template, field, (source, location) => {
      const value = this.surroundings.evaluate(source, scope);
      return value instanceof Promise ? this.#evaluated(value, source, location) : value;
    });
  }

  /** For fields that must be of one type. */
  async fillAs<T extends keyof Values>(type: T, template: Json, field: string): Promise<Values[T]> {
    const value = await this.fill(template, field);
    // Of that type, as its name has just said.
    if (typeName(value) === type) return value as Values[T];
    const found = `Expected '${type}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`;
    const source = (typeof template === 'string' && sourceOf(template)) || JSON.stringify(template);
    throw this.#failedExpression(field, source, `returned an unexpected result type. ${found}`);
  }

  /**
   * Leaves by an exit: with its Output, or `fallback` where it has none. Assign and Output both see what was there
   * before, so that their order does not matter. `place` is where the exit stands, as AWS writes it in errors.
   */
  async leave({ Assign, Output, Next }: Exit, fallback: Json, more: MoreStates = {}, place = ''): Promise<Outcome> {
    const assigned = Assign && (await this.#assigned(Assign, `${place}Assign`, more));
    const output = Output === undefined ? fallback : await this.fill(Output, `${place}Output`, more);
    // What passes through unchanged has been measured before.
    if (output !== this.input && exceedsDataLimit(output)) throw tooLargeFailure(this.name);
    return { output, next: Next, ...(assigned && { assigned }) };
  }

  failure(error: string, text: string): StateFailure {
    const cause = `An error occurred while executing the state '${this.name}' (entered at the event id #${this.#enteredBy}). ${text}`;
    return new StateFailure({ error, cause });
  }

  /** What JSONata gave is of no use for the field; without a field where the input itself is not. */
  failedEvaluation(text: string, field?: string): StateFailure {
    const failure = this.failure('States.QueryEvaluationError', text);
    const { error, cause } = failure;
    const details = detailsOf({ state: this.name, location: field, error, cause });
    this.branch.recordFailedEvaluation(this.#enteredBy, details);
    return failure;
  }

  /** Undefined where nothing is assigned; AWS does not tell of that. */
  async #assigned(Assign: JsonObject, field: string, more: MoreStates): Promise<JsonObject | undefined> {
    if (Object.keys(Assign).length === 0) return undefined;
    const assigned = await this.fill(Assign, field, more);
    if (exceedsDataLimit(assigned)) throw tooLargeFailure(this.name);
    return isJsonObject(assigned) ? assigned : undefined;
  }

  async #evaluated(value: Promise<Json | undefined>, source: string, location: string): Promise<Json> {
    const result = await value.catch((error: unknown) => {
      throw this.#failedExpression(location, source, thrown(error));
    });
    if (result === undefined) throw this.#failedExpression(location, source, 'returned nothing (undefined).');
    return result;
  }

  #failedExpression(location: string, source: string, what: string): StateFailure {
    const text = `The JSONata expression '${source}' specified for the field '${location}' ${what}`;
    return this.failedEvaluation(text, location);
  }

  #context(more: JsonObject | undefined): JsonObject {
    const state = {
      Name: this.name,
      EnteredTime: new Date(this.#enteredAt).toISOString(),
      ...(this.retryCount !== undefined && { RetryCount: this.retryCount }),
    };
    const task = this.taskToken === undefined ? {} : { Task: { Token: this.taskToken } };
    return { ...this.surroundings.context, State: state, ...task, ...more };
  }
}

interface Values {
  readonly boolean: boolean;
  readonly string: string;
  readonly number: number;
  readonly array: readonly Json[];
}

function typeName(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** jsonata throws objects with a code and a message; engines' own errors (a stack overflow) have no code. */
function thrown(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  const tail = code === undefined ? `: ${message ?? String(error)}` : `. ${code}: ${message ?? ''}`;
  return `threw an error during evaluation${tail}`;
}
