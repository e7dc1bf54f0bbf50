import type { Finding, Path } from '../../definition/index.ts';
import type { Json, JsonObject } from '../../json/index.ts';
import { valueOfText } from '../expression-types.ts';
import { agentOf } from '../known-readings.ts';
import { pathTo, type PlacedTask } from '../region.ts';
import { forEachTask, type RuleContext } from '../rule.ts';
import { misfits, type Fit } from '../schema-fit.ts';

/** VAL230: what goes in fits the schema of what takes it, as far as both are known before a run. */
export const inputsFit = forEachTask(function* (placed, context) {
  const { task } = placed;
  const name = agentOf(task, context);
  const type = name === undefined ? undefined : context.catalogue.get(context.workflow.agents[name]?.type ?? '');
  if (type?.input) {
    const taker = { schema: type.input, what: `the agent type \`${type.name}\``, withDefaults: false };
    yield* inputFindings(task.input, pathTo(placed, 'input'), { ...taker, placed }, context);
  }
  const child = task.workflow && context.workflows?.find(task.workflow.name, task.workflow.version);
  if (task.workflow && child?.input) {
    const taker = { schema: child.input, what: `the workflow \`${child.name}\``, withDefaults: true };
    yield* inputFindings(task.workflow.input, pathTo(placed, 'workflow', 'input'), { ...taker, placed }, context);
  }
});

interface Taker {
  readonly schema: JsonObject;
  readonly what: string;
  readonly withDefaults: boolean;
  readonly placed: PlacedTask;
}

function* inputFindings(
  input: Json | undefined,
  path: Path,
  { schema, what, withDefaults, placed }: Taker,
  context: RuleContext,
): Generator<Finding> {
  const fit: Fit = {
    withDefaults,
    required: new Map(),
    valueOfText: (text) => valueOfText(text, { region: placed.region, placed }, context),
  };
  // Without an input an empty object goes in.
  for (const misfit of misfits(input ?? {}, [{ schema, root: schema }], fit)) {
    const place = misfit.path.length === 0 ? 'it' : `\`${misfit.path.map(String).join('.')}\``;
    yield {
      code: 'VAL230',
      message: `The input of \`${placed.task.id}\` does not fit ${what}: ${place} ${misfit.message}.`,
      path: [...path, ...misfit.path],
      hint: misfit.hint,
      part: misfit.part ?? (misfit.path.length === 0 ? 'key' : 'value'),
    };
  }
}
