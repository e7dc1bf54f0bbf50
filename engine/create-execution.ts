import { answerProblem } from '../core/agents/index.ts';
import { ConflictError, InvalidRequestError } from '../core/errors/index.ts';
import {
  advanceExecution,
  type EventBody,
  type ExecutionRecord,
  type ParentTask,
  type QueuePlace,
  type Turn,
} from '../core/execution/index.ts';
import { executionId, type ExecutionId } from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import type { RetryPolicy, Turns } from '../core/plan/index.ts';
import type { LedgerWrite } from '../core/ports/index.ts';
import { withDefaults } from '../core/schemas/index.ts';
import type { EngineContext } from './engine-context.ts';
import { enter, type Entry } from './entry.ts';
import { lookForTurn, turnKeyOf } from './turns.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';
import { executionWrites } from './writes.ts';

export interface StartRequest {
  readonly workflow: string;
  readonly version: string;
  readonly input: Json;
  /** Seconds; shortens the workflow's own timeout. */
  readonly timeout?: number;
  /** In place of the policies of all its tasks. */
  readonly retry?: RetryPolicy;
  /** Absent: it may start in any case. */
  readonly entry?: Entry;
}

/** What a child execution has beside it. */
export interface ChildRequest extends StartRequest {
  readonly parent?: ParentTask;
  readonly depth?: number;
  /** `on_limit: reject` counts; absent: it waits in any case. */
  readonly mayRefuse?: boolean;
  /** Of the executions around it. */
  readonly budgets?: readonly ExecutionId[];
}

/**
 * Writes the record of a new execution, its input checked and its schema's defaults filled in; `queued` where it is not its turn. Creating one
 * that exists answers the one that exists. Entry and turn are decided by this one commit: of two that race for one place, one looks again.
 * Throws InvalidRequestError (`invalid_input`, `key_invalid`), NotFoundError (`workflow_not_found`), ConflictError (`too_many_executions`),
 * and what `enter` throws.
 */
export async function createExecution(
  ctx: EngineContext,
  id: ExecutionId,
  request: ChildRequest,
): Promise<ExecutionRecord> {
  const { turns } = (await ctx.getWorkflow(request)).index.plan;
  // One that takes places would find itself in its way; any other is looked for only when it turns out to exist.
  const takesPlaces = request.entry !== undefined || turns !== undefined;
  const find = () => ctx.ledger.findExecution(id);
  return untilCommitted(`Start of ${id}`, async () => {
    const known = takesPlaces ? await find() : undefined;
    return known ?? (await tryToCreate(ctx, id, request)) ?? (await find()) ?? AGAIN;
  });
}

/** Undefined: it exists meanwhile, or somebody else has got its place. */
async function tryToCreate(
  ctx: EngineContext,
  id: ExecutionId,
  request: ChildRequest,
): Promise<ExecutionRecord | undefined> {
  const { workflow, version, parent, depth, retry, entry } = request;
  const now = ctx.clock.now();
  const { plan } = (await ctx.getWorkflow({ workflow, version })).index;
  const checked = await checkedInput(ctx, request);
  const beside = entry ? await enter(ctx.ledger, { id, workflow, entry }) : [];
  const turn = plan.turns && (await takeTurn(ctx, plan.turns, { id, startedAt: now, checked, request }));
  const input = await ctx.store(checked);
  const budgets = [...(request.budgets ?? []), ...(plan.budget ? [id] : [])];
  const seconds = Math.min(plan.timeout, request.timeout ?? plan.timeout);
  const empty: ExecutionRecord = {
    id,
    tenant: ctx.tenant,
    workflow,
    version,
    status: 'planning',
    input,
    ...(parent && { parent }),
    ...(depth !== undefined && { depth }),
    ...(budgets.length > 0 && { budgets }),
    ...(retry && { retry }),
    ...(turn && { turn: turn.turn }),
    startedAt: now,
    deadline: now + seconds * 1000,
    lamport: 0,
    events: 0,
    revision: 0,
  };
  const data = { workflow, version, input, ...(parent && { parent }) };
  const started: EventBody = { type: 'workflow.execution_started', data };
  const advanced = advanceExecution(empty, turn?.change ?? {}, [started, ...(turn?.facts ?? [])], { now });
  const writes = [...executionWrites(advanced), ...beside, ...(turn?.writes ?? [])];
  return (await ctx.commit(writes)) ? advanced.record : undefined;
}

interface Arrival {
  readonly id: ExecutionId;
  readonly startedAt: number;
  readonly checked: Json;
  readonly request: ChildRequest;
}

interface TakenTurn {
  readonly turn: Turn;
  readonly change: Partial<ExecutionRecord>;
  readonly facts: readonly EventBody[];
  readonly writes: readonly LedgerWrite[];
}

/** Its places, or its place in the queue. */
async function takeTurn(
  ctx: EngineContext,
  turns: Turns,
  { id, startedAt, checked, request }: Arrival,
): Promise<TakenTurn> {
  const { workflow, version, mayRefuse } = request;
  const key = turnKeyOf(turns, checked, { id, workflow, version, startedAt });
  const { writes, waits } = await lookForTurn(ctx.ledger, {
    id,
    workflow,
    arrival: startedAt,
    turns,
    ...(key && { key }),
  });
  const turn: Turn = key ? { key: key.digest } : {};
  if (!waits) return { turn, change: {}, facts: [], writes };
  if (mayRefuse && turns.onLimit === 'reject') throw tooMany(workflow, waits);
  const { entry, ...place } = waits;
  return {
    turn: { ...turn, queued: { ...place, at: startedAt, entry } },
    change: { status: 'queued' },
    facts: [{ type: 'workflow.status_changed', data: { from: 'planning', to: 'queued', queue: place } }],
    writes: [...writes, { kind: 'park', entry }],
  };
}

function tooMany(workflow: string, { limit, size, value, holders }: QueuePlace): ConflictError {
  const why =
    limit === 'key'
      ? `an execution of ${workflow} with the key ${value ?? ''} goes on`
      : `${size} executions of ${workflow} go on, and \`max_executions\` allows no more`;
  return new ConflictError({
    code: 'too_many_executions',
    message: `Not started: ${why}.`,
    hint: 'Try again when one of them has ended; with `on_limit: queue` it would wait.',
    details: { limit, executions: [...holders] },
  });
}

/** Throws what createExecution would throw for the input. */
export async function refuseInput(ctx: EngineContext, request: StartRequest): Promise<void> {
  const input = await checkedInput(ctx, request);
  const { turns } = (await ctx.getWorkflow(request)).index.plan;
  if (turns) turnKeyOf(turns, input, { ...request, id: executionId(''), startedAt: ctx.clock.now() });
}

/** The input with its schema's defaults. Throws as createExecution does. */
async function checkedInput(ctx: EngineContext, { workflow, version, input }: StartRequest): Promise<Json> {
  const schema = (await ctx.getWorkflow({ workflow, version })).index.plan.input;
  // Inputs and answers go the same ways, so that what is too deep for the one is too deep for the other.
  const tooDeep = answerProblem(input);
  if (tooDeep !== undefined) throw invalidInput([tooDeep]);
  if (!schema) return input;
  const { value, problems } = withDefaults(schema, input);
  if (problems.length === 0) return value;
  throw invalidInput(problems);
}

function invalidInput(problems: readonly string[]): InvalidRequestError {
  return new InvalidRequestError({
    code: 'invalid_input',
    message: `The input does not fit the workflow: ${problems.join('; ')}.`,
    hint: "Compare it with the workflow's `input` schema.",
    details: { problems: [...problems] },
  });
}
