import type { Json } from '../core/json/index.ts';
import type { AgentTask } from '../core/plan/index.ts';
import { valueProblems } from '../core/schemas/index.ts';
import type { EngineContext, LoadedWorkflow } from './engine-context.ts';

interface Answered {
  readonly workflow: LoadedWorkflow;
  readonly planned: AgentTask;
}

/** What breaks the schemas of the agent type and of the task; nothing for an answer that both allow. */
export function answerProblems(
  ctx: Pick<EngineContext, 'getAgentType'>,
  { workflow, planned }: Answered,
  output: Json,
): readonly string[] {
  const schemas = [ctx.getAgentType(workflow, planned.agentType).output, planned.output];
  return schemas.flatMap((schema) => (schema ? valueProblems(schema, output) : []));
}
