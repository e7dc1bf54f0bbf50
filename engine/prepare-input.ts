import { evaluateCondition, evaluateTree, ExpressionError } from '../core/expressions/index.ts';
import { forEachOf } from '../core/execution/index.ts';
import { parseItemPath } from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { Look } from './look.ts';
import { scopeOfTask } from './scope.ts';

export type Prepared =
  | { readonly kind: 'skip'; readonly why: string }
  | { readonly kind: 'invalid'; readonly message: string }
  | { readonly kind: 'value'; readonly value: Json };

/** Evaluates `when`, then what the task works on: an agent's input, the items of a `for_each`, the data of an event. */
export async function prepare(ctx: EngineContext, look: Look): Promise<Prepared> {
  const { planned } = look;
  // The condition of a `for_each` has been held against the whole; a call has none of its own.
  const when = isCall(look) ? undefined : planned.when;
  const tree = treeOf(look);
  const scope = await scopeOfTask(ctx, look, [when === undefined ? null : `\${${when}}`, tree]);
  try {
    if (when !== undefined && !evaluateCondition(when, scope)) {
      return { kind: 'skip', why: `its condition was false: ${when}` };
    }
    return { kind: 'value', value: evaluateTree(tree, scope) };
  } catch (error) {
    if (error instanceof ExpressionError) return { kind: 'invalid', message: error.message };
    throw error;
  }
}

/** Whether it is an item, or a batch, of a `for_each`. */
export function isCall({ planned, record }: Look): boolean {
  return forEachOf(planned) !== undefined && parseItemPath(record.path) !== undefined;
}

function treeOf(look: Look): Json {
  const { planned } = look;
  const forEach = forEachOf(planned);
  if (forEach && !isCall(look)) return forEach.items;
  switch (planned.kind) {
    case 'agent':
    case 'workflow':
      return planned.input ?? {};
    case 'emit':
      return planned.data ?? null;
    case 'wait':
      if (planned.wait.kind === 'seconds') return null;
      return planned.wait.kind === 'until' ? planned.wait.until : (planned.wait.match ?? {});
    case 'loop':
    case 'group':
    case 'checkpoint':
      return null;
  }
}
