import {
  evaluateCondition,
  evaluateTree,
  ExpressionError,
  referencedTasks,
  type Scope,
} from '../core/expressions/index.ts';
import type { StoredValue, TaskRecord } from '../core/execution/index.ts';
import { parseItemPath, taskPath, type TaskPath } from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import { valueProblems } from '../core/schemas/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { Look } from './look.ts';
import type { ExecutionRecord } from '../core/execution/index.ts';

export type PreparedInput =
  | { readonly kind: 'skip'; readonly why: string }
  | { readonly kind: 'invalid'; readonly message: string }
  | { readonly kind: 'input'; readonly input: StoredValue };

/** Evaluates `when`, then the input, and holds the input against the agent type's schema. */
export async function prepareInput(ctx: EngineContext, look: Look): Promise<PreparedInput> {
  const { planned, agentType, record } = look;
  const index = parseItemPath(record.path)?.index;
  const tree = planned.input ?? {};
  const named = referencedTasks([planned.when === undefined ? null : `\${${planned.when}}`, tree]);
  const scope = await scopeOf(ctx, look.execution, named);
  const inScope = index === undefined ? scope : { ...scope, index };
  try {
    if (planned.when !== undefined && !evaluateCondition(planned.when, inScope)) {
      return { kind: 'skip', why: `its condition was false: ${planned.when}` };
    }
    const input = evaluateTree(tree, inScope);
    const problems = agentType.input ? valueProblems(agentType.input, input) : [];
    if (problems.length > 0)
      return { kind: 'invalid', message: `The input does not fit the agent: ${problems.join('; ')}` };
    return { kind: 'input', input: await ctx.store(input) };
  } catch (error) {
    if (error instanceof ExpressionError) return { kind: 'invalid', message: error.message };
    throw error;
  }
}

/** The names that expressions may use, with the named tasks as the ledger shows them now. */
export async function scopeOf(
  ctx: EngineContext,
  execution: ExecutionRecord,
  tasks: readonly string[],
): Promise<Scope> {
  const paths: readonly TaskPath[] = tasks.map(taskPath);
  const records = await ctx.ledger.findTasks(execution.id, paths);
  const views = await Promise.all(records.map((record) => taskScope(ctx, record)));
  return {
    input: await ctx.load(execution.input),
    execution: { id: execution.id, name: execution.id, started_at: new Date(execution.startedAt).toISOString() },
    workflow: { name: execution.workflow, version: execution.version },
    tasks: Object.fromEntries(tasks.map((id, i) => [id, views[i] ?? null])),
  };
}

async function taskScope(ctx: EngineContext, record: TaskRecord | undefined): Promise<Json> {
  return {
    status: record?.status ?? 'pending',
    output: record?.output ? await ctx.load(record.output) : null,
    attempts: record?.attempts ?? 0,
    cached: false,
  };
}
