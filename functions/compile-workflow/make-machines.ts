import {
  createStepFunctionsMachineRunner,
  type MachineNames,
  type MachineRunnerDeps,
  type Machines,
  type RunnableMachines,
} from '../../adapters/aws/index.ts';
import { NotFoundError } from '../../core/errors/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { PlanDefaults } from '../../core/plan/index.ts';
import type { Clock, PublishedWorkflow } from '../../core/ports/index.ts';
import type { Report } from '../report.ts';
import type { TenantStores } from '../runtime.ts';

/** What makes the machines of published versions. */
export interface MachinePress {
  readonly stores: (tenant: string) => TenantStores;
  readonly machines: Machines;
  readonly client: MachineRunnerDeps['client'];
  readonly namesOf: (tenant: string) => MachineNames;
  /** ARNs of what machines call. */
  readonly functions: { readonly begin: string; readonly dispatch: string; readonly conclude: string };
  /** For definitions that say nothing; absent: the language's. */
  readonly defaults?: PlanDefaults;
  readonly clock: Clock;
  readonly report: Report;
}

/** A published version. */
export interface VersionOf {
  readonly tenant: string;
  readonly workflow: string;
  readonly version: string;
}

export interface Made extends VersionOf {
  readonly machineArn: string;
  /** Executions that had waited for it. */
  readonly started: number;
}

/**
 * Makes a version's machines, parts first, so that none ever names one that is not there; marks it runnable; and starts what has
 * waited. Repeating any of it changes nothing, and is how a call that has died half way is mended.
 */
export async function makeMachines(press: MachinePress, { tenant, workflow, version }: VersionOf): Promise<Made> {
  const stores = press.stores(tenant);
  const runnable =
    (await stores.machines.findMachines(workflow, version)) ??
    (await createAll(press, tenant, await published(stores, workflow, version)));
  await stores.machines.markRunnable(workflow, version, runnable);
  const { ledger, machines: registry } = stores;
  const runner = createStepFunctionsMachineRunner({ client: press.client, registry, ledger });
  const started = await runner.startWaiting({ name: workflow, version });
  return { tenant, workflow, version, machineArn: runnable.machineArn, started };
}

async function createAll(press: MachinePress, tenant: string, workflow: PublishedWorkflow): Promise<RunnableMachines> {
  const names = press.namesOf(tenant);
  const { name, version, parts = [], machine } = workflow;
  const tags = { 'skein:tenant': tenant, 'skein:workflow': name, 'skein:version': version };
  const create = async (definition: Json, part?: number): Promise<string> => {
    const arn = names.arnOf(workflow, part);
    await press.machines.create({ name: names.nameOf(workflow, part), arn, definition, tags: legalTags(tags) });
    press.report.count('MachinesCreated');
    return arn;
  };
  const partArns: string[] = [];
  // One after the other: Step Functions creates one machine a second.
  for (const [number, part] of parts.entries()) partArns.push(await create(part, number));
  return { machineArn: await create(machine), partArns };
}

/** Tags take letters, digits, spaces and a few signs, 256 of them at the most (AWS's limit). */
function legalTags(tags: Readonly<Record<string, string>>): Record<string, string> {
  const legal = (value: string) => value.replaceAll(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '-').slice(0, 256);
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, legal(value)]));
}

async function published({ definitions }: TenantStores, workflow: string, version: string): Promise<PublishedWorkflow> {
  const found = await definitions.find(workflow, version);
  if (found) return found;
  throw new NotFoundError({
    code: 'workflow_not_found',
    message: `Workflow ${workflow} has no published version ${version}.`,
  });
}
