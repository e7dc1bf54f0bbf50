import type { MachineRequests, PublicBus, StreamChange } from '../../adapters/aws/index.ts';
import { InvariantError } from '../../core/errors/index.ts';
import { indexPlan, type PlanIndex, type SkeinEvent, type StoredValue } from '../../core/execution/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import { parseJson, type Json } from '../../core/json/index.ts';
import type { ExecutionView } from '../../core/projections/index.ts';
import type { Runtime, TenantRuntime, TenantStores } from '../runtime.ts';
import { storeView } from '../store-view.ts';
import { publishedEvents } from './published-events.ts';

export interface ProjectionDeps {
  readonly runtime: Pick<Runtime, 'forTenant' | 'report'>;
  readonly bus: PublicBus;
  readonly requests: MachineRequests;
  /** Of the events that are published: `skein.dev`. */
  readonly source: string;
}

/** Changes of one execution, or of one tenant's other items, in their order. */
export interface ChangeGroup {
  readonly tenant: string;
  /** Absent: of no execution. */
  readonly execution?: ExecutionId;
  readonly changes: readonly StreamChange[];
}

/** Plans kept in memory, of all tenants together; one of 1,000 tasks takes about 1 MB. */
const PLANS_KEPT = 64;

/**
 * What follows from changes of the table, whoever has made them: follow-ups that a crash may have swallowed first, because executions
 * wait for them; then the view; then the bus. All of it may be repeated, and none of it believes the changes: they say where to look.
 */
export function createProjection({ runtime, bus, requests, source }: ProjectionDeps) {
  const plans = new Map<string, PlanIndex>();

  async function planOf({ tenant, stores }: TenantRuntime, { workflow, version }: ExecutionView): Promise<PlanIndex> {
    const key = JSON.stringify([tenant, workflow, version]);
    const known = plans.get(key);
    if (known) return known;
    const published = await stores.definitions.find(workflow, version);
    if (!published) throw unpublished(workflow, version);
    const index = indexPlan(published.plan);
    if (plans.size >= PLANS_KEPT) plans.clear();
    plans.set(key, index);
    return index;
  }

  async function tellEvents(served: TenantRuntime, execution: ExecutionId, news: ReadonlySet<string>): Promise<void> {
    const { tenant, stores } = served;
    const { view, events } = await storeView(stores, execution);
    const load = (value: StoredValue) => loadValue(stores, value);
    const teller = { tenant, source, view, index: await planOf(served, view), load };
    const told = events.filter((event) => news.has(placeOf(event))).map((event) => publishedEvents(teller, event));
    const published = (await Promise.all(told)).flat();
    await bus.publish(published);
    runtime.report.count('EventsPublished', published.length);
  }

  return async ({ tenant, execution, changes }: ChangeGroup): Promise<void> => {
    const served = await runtime.forTenant(tenant);
    for (const change of onceEach(changes)) {
      if (change.kind === 'version') await request(requests, served, change);
      else if (change.kind !== 'event') await served.engine.repeat(change);
    }
    const news = new Set(changes.flatMap((change) => (change.kind === 'event' ? [placeOf(change)] : [])));
    if (execution !== undefined && news.size > 0) await tellEvents(served, execution, news);
  };
}

function onceEach(changes: readonly StreamChange[]): readonly StreamChange[] {
  return [...new Map(changes.map((change) => [JSON.stringify(change), change])).values()];
}

/** Who has published may have died before it asked for machines. */
async function request(
  requests: MachineRequests,
  { tenant, stores }: TenantRuntime,
  { name: workflow, version }: Extract<StreamChange, { kind: 'version' }>,
): Promise<void> {
  const made = await stores.machines.findMachines(workflow, version);
  if (!made) await requests.send({ tenant, workflow, version });
}

function placeOf({ path, n }: Pick<SkeinEvent, 'path' | 'n'>): string {
  return `${path}#${n}`;
}

async function loadValue({ blobs }: TenantStores, value: StoredValue): Promise<Json> {
  return 'inline' in value ? value.inline : parseJson(await blobs.get(value.blob));
}

function unpublished(workflow: string, version: string): InvariantError {
  return new InvariantError({
    code: 'workflow_missing',
    message: `An execution belongs to ${workflow} ${version}, which is not published.`,
  });
}
