import { schemaFindings, type Finding, type Path, type TaskDocument } from '../../definition/index.ts';
import type { JsonObject } from '../../json/index.ts';
import { pathTo } from '../region.ts';
import type { RuleContext } from '../rule.ts';

/** VAL216 and VAL236: what describes inputs, outputs and forms is JSON Schema. */
export function soundSchemas(context: RuleContext): Generator<Finding> {
  return schemaFindings(schemasOf(context));
}

function* schemasOf({ workflow, tasks }: RuleContext): Generator<{ schema: JsonObject | undefined; path: Path }> {
  yield { schema: workflow.input, path: ['workflow', 'input'] };
  for (const placed of tasks) {
    const { output, checkpoint_after } = placed.task;
    yield { schema: output, path: pathTo(placed, 'output') };
    yield { schema: formOf(checkpoint_after), path: pathTo(placed, 'checkpoint_after', 'approve', 'form') };
  }
}

function formOf(said: TaskDocument['checkpoint_after']): JsonObject | undefined {
  return typeof said === 'object' ? said.approve?.form : undefined;
}
