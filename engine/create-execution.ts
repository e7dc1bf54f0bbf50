import { answerProblem } from '../core/agents/index.ts';
import { InvalidRequestError } from '../core/errors/index.ts';
import { advanceExecution, type ExecutionRecord, type ParentTask } from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import type { RetryPolicy } from '../core/plan/index.ts';
import type { LedgerWrite } from '../core/ports/index.ts';
import { withDefaults } from '../core/schemas/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { Entry } from './entry.ts';
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
  /** Writes that are committed with its record. */
  readonly beside?: readonly LedgerWrite[];
  /** Of the executions around it. */
  readonly budgets?: readonly ExecutionId[];
}

/**
 * Writes the record of a new execution, its input checked and its schema's defaults filled in. Creating one that exists
 * answers the one that exists. Throws InvalidRequestError (`invalid_input`) and NotFoundError (`workflow_not_found`).
 */
export async function createExecution(
  ctx: EngineContext,
  id: ExecutionId,
  request: ChildRequest,
): Promise<ExecutionRecord> {
  return (await tryToCreate(ctx, id, request)) ?? ctx.getExecution(id);
}

/** As above; undefined: it exists, or a write beside it does not hold. */
export async function tryToCreate(
  ctx: EngineContext,
  id: ExecutionId,
  request: ChildRequest,
): Promise<ExecutionRecord | undefined> {
  const { workflow, version, parent, depth, retry, beside = [] } = request;
  const now = ctx.clock.now();
  const { plan } = (await ctx.getWorkflow({ workflow, version })).index;
  const input = await ctx.store(await checkedInput(ctx, request));
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
    startedAt: now,
    deadline: now + seconds * 1000,
    lamport: 0,
    events: 0,
    revision: 0,
  };
  const data = { workflow, version, input, ...(parent && { parent }) };
  const advanced = advanceExecution(empty, {}, [{ type: 'workflow.execution_started', data }], { now });
  return (await ctx.commit([...executionWrites(advanced), ...beside])) ? advanced.record : undefined;
}

/** The input with its schema's defaults. Throws as createExecution does. */
export async function checkedInput(ctx: EngineContext, { workflow, version, input }: StartRequest): Promise<Json> {
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
