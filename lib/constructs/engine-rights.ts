import { machineArns } from '../names.ts';
import type { StageProps } from '../stages.ts';
import type { ArtifactBucket } from './artifact-bucket.ts';
import type { HandleSecret } from './handle-secret.ts';
import type { LedgerTable } from './ledger-table.ts';
import type { SkeinFunction } from './skein-function.ts';
import type { TenantRole } from './tenant-role.ts';
import type { WorkQueue } from './work-queue.ts';

export interface EngineParts {
  readonly stage: StageProps;
  readonly ledger: LedgerTable;
  readonly artifacts: ArtifactBucket;
  readonly handleSecret: HandleSecret;
  readonly timers: WorkQueue;
  readonly tenantRole: TenantRole;
}

/** To record what happens: read and write the ledger and what is too large for it, set timers. */
export function letRecord(fn: SkeinFunction, { ledger, artifacts, handleSecret, timers }: EngineParts): void {
  ledger.letUse(fn);
  artifacts.letUse(fn);
  handleSecret.letRead(fn);
  timers.letSend(fn, 'SKEIN_TIMER_QUEUE_URL');
}

/**
 * To drive executions: besides recording, answer the states that wait, start machines of children, stop machines, call agents.
 * Whatever settles a task may have to do all of it, because it wakes those that waited for it.
 */
export function letDrive(fn: SkeinFunction, parts: EngineParts): void {
  letRecord(fn, parts);
  const { machines, executions } = machineArns(fn, parts.stage.name);
  const why = 'Machines are made at run time; their names begin with that of the stage.';
  fn.allow(['states:SendTaskSuccess', 'states:SendTaskFailure', 'states:StartExecution'], [machines], why);
  fn.allow(['states:DescribeExecution', 'states:StopExecution'], [executions], why);
  parts.tenantRole.letAssume(fn);
}
