import type { MachineRequests } from '../../adapters/aws/index.ts';
import { isTerminal, type ExecutionRecord } from '../../core/execution/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import { suspect } from '../../engine/index.ts';
import type { Runtime, TenantRuntime } from '../runtime.ts';
import { catchUpView, catchUpViews } from './catch-up-views.ts';

export interface Sweeper {
  readonly runtime: Runtime;
  readonly requests: MachineRequests;
  /** Absent: the usual. */
  readonly patience?: Patience;
  /** Resolves when Step Functions may be asked once more; absent: at once. */
  readonly pace?: () => Promise<void>;
}

/** Milliseconds: what is due for longer was lost; the time between two sweeps. */
export interface Patience {
  readonly grace: number;
  readonly every: number;
}

/** What is due for a minute was lost; the rarest schedule of a stage is every five minutes. */
const usualPatience: Patience = { grace: 60_000, every: 300_000 };

/** Executions of one tenant in one sweep: each is a query of its tasks, and a DescribeExecution, of which AWS allows 15 a second. */
const MOST_EXECUTIONS = 200;
/** Versions whose running machines are listed: AWS allows 2 lists a second. */
const MOST_VERSIONS = 10;
/** Executions at once. */
const LANES = 8;

/** Looks after the open executions of one tenant, and after machines that run on without one. Answers what it has found. */
export async function sweepTenant(sweeper: Sweeper, tenant: string): Promise<readonly string[]> {
  const { runtime, patience = usualPatience } = sweeper;
  const served = await runtime.forTenant(tenant);
  const finds: string[] = [];
  const look = async (what: string, find: () => Promise<readonly string[]>): Promise<void> => {
    try {
      finds.push(...(await find()));
    } catch (error) {
      // The others must not wait for one that cannot be mended now.
      runtime.report.error('a sweep failed', error, { tenant, what });
    }
  };
  const open = some(await served.stores.ledger.listOpenExecutions(), MOST_EXECUTIONS, runtime.ids.random());
  const lanes = Array.from({ length: LANES }, (_, lane) => open.filter((_id, at) => at % LANES === lane));
  await Promise.all(
    lanes.map(async (lane) => {
      for (const id of lane) await look(id, () => sweepExecution(sweeper, served, id));
    }),
  );
  await look('pools', () => served.engine.sweepPools(patience));
  await look('views', () => catchUpViews(served, runtime.clock.now() - patience.grace));
  const versions = some(await served.stores.definitions.list(), MOST_VERSIONS, runtime.ids.random());
  for (const version of versions) await look(version.name, () => sweepVersion(sweeper, served, version));
  return finds;
}

/** At most this many, from a random one on: where there are more, each has its turn. */
function some<Item>(items: readonly Item[], most: number, random: number): readonly Item[] {
  if (items.length <= most) return items;
  const from = Math.floor(random * items.length);
  return [...items.slice(from), ...items.slice(0, from)].slice(0, most);
}

async function sweepExecution(
  { runtime, requests, patience = usualPatience, pace }: Sweeper,
  served: TenantRuntime,
  id: ExecutionId,
): Promise<readonly string[]> {
  const { stores, engine, runner } = served;
  const mended = await engine.sweep(id, patience);
  const record = await stores.ledger.findExecution(id);
  const found = [...mended, ...(await catchUpView(stores, record, runtime.clock.now() - patience.grace))];
  if (!record || isTerminal(record.status) || record.startedAt + patience.grace > runtime.clock.now()) return found;
  const { workflow, version } = record;
  const isRunnable = (await stores.machines.findMachines(workflow, version)) !== undefined;
  if (!isRunnable) {
    // Whoever asked before may have been lost with its request: each round of sweeps is heard.
    const round = Math.floor(runtime.clock.now() / Math.max(1, patience.every));
    await requests.send({ tenant: served.tenant, workflow, version }, round);
    return found;
  }
  await pace?.();
  const machine = await runner.statusOf(id);
  if (machine === 'running' || (machine === 'missing' && (record.status === 'planning' || record.status === 'queued')))
    return found;
  if (record.concludeToken === NO_MACHINE) return found;
  const seen = { what: 'machine_ended', revision: record.revision, every: patience.every } as const;
  const verdict = await suspect({ ...stores, clock: runtime.clock }, id, seen);
  if (verdict === 'suspected') return [...found, `suspected machine_ended ${id}`];
  return [...found, ...(await concludeWithoutMachine(served, record))];
}

/** Stands for the token of a conclude state that no machine will come to any more. */
const NO_MACHINE = 'the machine has ended';

/** A machine has ended before its execution: stopped by hand, or broken. The execution ends as one whose machine has come to its end. */
export async function concludeWithoutMachine(
  { engine }: TenantRuntime,
  { id, concludeToken }: ExecutionRecord,
): Promise<readonly string[]> {
  if (concludeToken === NO_MACHINE) return [];
  await engine.conclude(id, NO_MACHINE);
  return [`machine_ended ${id}`];
}

/**
 * Executions that still wait for machines which are there are started. Machines whose executions have ended are told so once more; the
 * answer, or the stop, that was sent at their end was lost. One that is still there a round later is stopped.
 */
async function sweepVersion(
  { runtime, patience = usualPatience, pace }: Sweeper,
  { stores, engine, runner }: TenantRuntime,
  version: { readonly name: string; readonly version: string },
): Promise<readonly string[]> {
  const finds: string[] = [];
  if (!(await stores.machines.findMachines(version.name, version.version))) return finds;
  const started = await runner.startWaiting(version);
  if (started > 0) finds.push(`start ${started} of ${version.name} ${version.version}`);
  for (const id of await runner.listRunning(version)) {
    const record = await stores.ledger.findExecution(id);
    if (!record || !isTerminal(record.status)) continue;
    await engine.repeat({ kind: 'execution', execution: id });
    const seen = { what: 'machine_left', revision: record.revision, every: patience.every } as const;
    const isSure = (await suspect({ ...stores, clock: runtime.clock }, id, seen)) === 'confirmed';
    await pace?.();
    if (isSure && (await runner.statusOf(id)) === 'running') await runner.stop(id, 'its execution has ended');
    finds.push(`${isSure ? '' : 'suspected '}machine_left ${id}`);
  }
  return finds;
}
