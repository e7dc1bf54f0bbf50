import type { Finding, Path } from '../../definition/index.ts';
import { canonicalJson, type JsonObject } from '../../json/index.ts';
import { schemaProblem } from '../../schemas/index.ts';
import { pathTo } from '../region.ts';
import type { RuleContext } from '../rule.ts';

/** VAL216: what describes inputs and outputs is JSON Schema. */
export function* soundSchemas({ workflow, tasks }: RuleContext): Generator<Finding> {
  // Compiling a schema takes a millisecond, and many tasks share one.
  const known = new Map<string, string | undefined>();
  const check = function* (schema: JsonObject | undefined, path: Path): Generator<Finding> {
    if (!schema) return;
    const text = canonicalJson(schema);
    if (!known.has(text)) known.set(text, schemaProblem(schema));
    const problem = known.get(text);
    if (problem !== undefined)
      yield { code: 'VAL216', message: `This is no JSON Schema: ${problem}.`, path, part: 'key' };
  };
  yield* check(workflow.input, ['workflow', 'input']);
  for (const placed of tasks) yield* check(placed.task.output, pathTo(placed, 'output'));
}
