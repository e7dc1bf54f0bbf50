import { NotFoundError } from '../core/errors/index.ts';
import { isTerminal, type ExecutionRecord, type StoredValue } from '../core/execution/index.ts';
import { executionId, type ExecutionId } from '../core/ids/index.ts';
import { parseJson, type Json } from '../core/json/index.ts';
import type { Plan } from '../core/plan/index.ts';
import { foldEvents, type ExecutionView } from '../core/projections/index.ts';
import type { BudgetUse } from '../core/resilience/index.ts';
import { findBudgetUse } from '../engine/index.ts';
import type { TenantServices } from './tenant-services.ts';

/** Throws NotFoundError (`execution_not_found`). */
export async function getRecord({ ledger }: TenantServices, id: string): Promise<ExecutionRecord> {
  const record = await ledger.findExecution(executionId(id));
  if (record) return record;
  throw new NotFoundError({
    code: 'execution_not_found',
    message: `There is no execution ${id}.`,
    hint: 'GET /api/v1/executions lists those there are.',
  });
}

/**
 * The view of an execution: the stored one, which is one read however large its history is; the fold of its events where that one lags
 * behind what the record says. So nobody sees an older status than he was told.
 */
export async function viewOf({ views, ledger }: TenantServices, record: ExecutionRecord): Promise<ExecutionView> {
  const stored = await views.find(record.id);
  return stored?.status === record.status ? stored : foldEvents(await ledger.listEvents(record.id));
}

/** Throws NotFoundError (`execution_not_found`). */
export async function getView(services: TenantServices, id: string): Promise<ExecutionView> {
  return viewOf(services, await getRecord(services, id));
}

/** The plan that an execution follows. */
export async function planOf(
  { definitions }: TenantServices,
  { workflow, version }: Pick<ExecutionRecord, 'workflow' | 'version'>,
): Promise<Plan> {
  const published = await definitions.find(workflow, version);
  if (published) return published.plan;
  throw new NotFoundError({ code: 'version_not_found', message: `${workflow} ${version} is not published any more.` });
}

/** How much of its budget is used, where one is counted; absent otherwise, and where its version is not published any more. */
export async function budgetTold(
  { definitions, ledger }: TenantServices,
  record: ExecutionRecord,
): Promise<{ readonly budget?: BudgetUse[] }> {
  if (record.budgets === undefined) return {};
  const published = await definitions.find(record.workflow, record.version);
  const uses = published ? await findBudgetUse({ ledger }, record, published.plan) : [];
  return uses.length === 0 ? {} : { budget: [...uses] };
}

/** Executions of one workflow that are looked at for the one that goes on. */
const MOST_LOOKED_AT = 20;

/** The newest execution of a workflow that has not ended, else the newest of all; undefined: it was never executed. */
export async function latestExecution(
  services: TenantServices,
  workflow: string,
): Promise<ExecutionRecord | undefined> {
  const { views, ledger } = services;
  const listed = (await views.list({ workflow, limit: MOST_LOOKED_AT })).map(({ execution }) => execution);
  // A view may not be there yet of one that was started a moment ago.
  const open = (await ledger.listOpenExecutions()).slice(-MOST_LOOKED_AT);
  const ids = [...new Set([...listed, ...open])].sort().reverse();
  const records = await Promise.all(ids.map((id: ExecutionId) => ledger.findExecution(id)));
  const found = records.filter((record) => record?.workflow === workflow);
  return found.find((record) => record && !isTerminal(record.status)) ?? found[0];
}

/** A value that is told whole up to this size, in bytes; a larger one by its reference. */
const LONGEST_TOLD = 256 * 1024;

/** A recorded value as answers have it: `{name}`, or `{name}_reference` where it is large. */
export async function told(
  { blobs }: TenantServices,
  name: string,
  stored: StoredValue | undefined,
): Promise<{ readonly [key: string]: Json }> {
  if (!stored) return {};
  if ('inline' in stored) return { [name]: stored.inline };
  const { blob: digest, bytes } = stored;
  if (bytes <= LONGEST_TOLD) return { [name]: parseJson(await blobs.get(digest)) };
  return { [`${name}_reference`]: { digest, bytes } };
}
