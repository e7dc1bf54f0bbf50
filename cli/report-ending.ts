import type { ExecutionView } from '../core/projections/index.ts';
import type { ExecutionReader } from './execution-reader.ts';
import { renderExplanation } from './render/explanation.ts';
import { styleFor } from './render/style.ts';
import type { Surroundings } from './surroundings.ts';
import { exitCodes, type ExitCode } from './verb.ts';

/** Says how an execution ended: its output, or why it did not succeed. */
export async function reportEnding(
  view: ExecutionView,
  reader: Pick<ExecutionReader, 'explain' | 'value'>,
  json: boolean,
  { out, environment, now }: Pick<Surroundings, 'out' | 'environment' | 'now'>,
): Promise<ExitCode> {
  const output = view.output && (await reader.value(view.output, view.execution));
  const succeeded = view.status === 'succeeded';
  if (json) {
    out.write(`${JSON.stringify({ execution: view.execution, status: view.status, output, view }, null, 2)}\n`);
  } else if (succeeded) {
    out.write(`\n${JSON.stringify(output, null, 2)}\n`);
  } else {
    const explanation = await reader.explain(view.execution, undefined, now());
    out.write(`\n${renderExplanation(explanation, styleFor(out, environment)).join('\n')}\n`);
  }
  return succeeded ? exitCodes.ok : exitCodes.workflow;
}
