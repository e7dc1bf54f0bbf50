import { InvalidRequestError } from '../core/errors/index.ts';
import { advanceExecution, type ExecutionRecord } from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import { withDefaults } from '../core/schemas/index.ts';
import type { EngineContext } from './engine-context.ts';
import { executionWrites } from './writes.ts';

export interface StartRequest {
  readonly workflow: string;
  readonly version: string;
  readonly input: Json;
}

/**
 * Writes the record of a new execution, its input checked and its schema's defaults filled in. Creating one that exists
 * answers the one that exists. Throws InvalidRequestError (`invalid_input`) and NotFoundError (`workflow_not_found`).
 */
export async function createExecution(
  ctx: EngineContext,
  id: ExecutionId,
  { workflow, version, input }: StartRequest,
): Promise<ExecutionRecord> {
  const now = ctx.clock.now();
  const empty: ExecutionRecord = {
    id,
    tenant: ctx.tenant,
    workflow,
    version,
    status: 'planning',
    input: { inline: null },
    startedAt: now,
    deadline: now,
    lamport: 0,
    events: 0,
    revision: 0,
  };
  const { plan } = (await ctx.getWorkflow(empty)).index;
  const stored = await ctx.store(plan.input ? checkedInput(plan.input, input) : input);
  const advanced = advanceExecution(
    { ...empty, deadline: now + plan.timeout * 1000 },
    { input: stored },
    [{ type: 'workflow.execution_started', data: { workflow, version, input: stored } }],
    { now },
  );
  return (await ctx.commit(executionWrites(advanced))) ? advanced.record : ctx.getExecution(id);
}

function checkedInput(schema: Parameters<typeof withDefaults>[0], input: Json): Json {
  const { value, problems } = withDefaults(schema, input);
  if (problems.length === 0) return value;
  throw new InvalidRequestError({
    code: 'invalid_input',
    message: `The input does not fit the workflow: ${problems.join('; ')}.`,
    hint: "Compare it with the workflow's `input` schema.",
    details: { problems: [...problems] },
  });
}
