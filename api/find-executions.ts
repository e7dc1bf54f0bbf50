import type { Json } from '../core/json/index.ts';
import { isJsonObject, parseJson } from '../core/json/index.ts';
import type { ViewFilter, ViewPosition } from '../core/ports/index.ts';
import type { ExecutionView } from '../core/projections/index.ts';
import type { TenantServices } from './tenant-services.ts';

/** What no index knows: each view is looked at. */
export interface Traits {
  /** Of the version that runs. */
  readonly tag?: string | undefined;
  /** A member of the input, with dots between keys, and its value as text. */
  readonly input?: { readonly field: string; readonly value: string } | undefined;
}

export interface FoundExecutions {
  readonly found: readonly ExecutionView[];
  /** Where to go on; absent: there are no more. */
  readonly next?: ViewPosition;
}

/** Views of one look, and of one request: a rare trait is found page by page, and not in one request that ends at its timeout. */
const LOOK = 100;
const MOST = 1_000;

/** Those that fit, newest first. */
export async function findExecutions(
  services: TenantServices,
  filter: ViewFilter,
  traits: Traits,
): Promise<FoundExecutions> {
  const fits = traitFinder(services, traits);
  const found: ExecutionView[] = [];
  // One more than asked for: whether it is there tells whether there is another page.
  const look = traits.tag === undefined && !traits.input ? filter.limit + 1 : LOOK;
  let after = filter.after;
  for (let looked = 0; looked < MOST; looked += look) {
    const views = await services.views.list({ ...filter, ...(after && { after }), limit: look });
    for (const view of views) {
      if (found.length === filter.limit && after) return { found, next: after };
      if (await fits(view)) found.push(view);
      after = { startedAt: view.startedAt, execution: view.execution };
    }
    if (views.length < look) return { found };
  }
  return { found, ...(after && { next: after }) };
}

function traitFinder({ definitions, blobs }: TenantServices, { tag, input }: Traits) {
  const tags = new Map<string, readonly string[]>();
  const tagsOf = async ({ workflow, version }: ExecutionView): Promise<readonly string[]> => {
    const key = JSON.stringify([workflow, version]);
    const known = tags.get(key) ?? (await definitions.find(workflow, version))?.plan.workflow.tags ?? [];
    tags.set(key, known);
    return known;
  };
  return async (view: ExecutionView): Promise<boolean> => {
    if (tag !== undefined && !(await tagsOf(view)).includes(tag)) return false;
    if (!input) return true;
    const whole = 'inline' in view.input ? view.input.inline : parseJson(await blobs.get(view.input.blob));
    return textOf(memberOf(whole, input.field)) === input.value;
  };
}

function memberOf(value: Json, field: string): Json | undefined {
  return field
    .split('.')
    .reduce<Json | undefined>(
      (inner, key) => (isJsonObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
      value,
    );
}

/** A text is itself, everything else its JSON: `42`, `true`, `null`. */
function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' || value === undefined ? value : JSON.stringify(value);
}
