import type { Command } from 'commander';
import { executionOfApproval, type Approval, type Decision } from '../core/execution/index.ts';
import { approvalId, executionId } from '../core/ids/index.ts';
import type { Json, JsonObject } from '../core/json/index.ts';
import { databasePath, lookInto, requireDatabase } from './open-database.ts';
import { withWayTo } from './owned-database.ts';
import { personOf } from './person.ts';
import type { OpenApproval, Decision as Said } from './remote/approvals.ts';
import type { Surroundings } from './surroundings.ts';

type ShownApproval = Omit<OpenApproval, 'input' | 'form'> & { readonly input: Json; readonly form?: JsonObject };

/** What people have to decide in the command's database, also while another process runs executions in it. */
export async function listApprovalsHere(
  command: Command,
  surroundings: Surroundings,
  execution: string | undefined,
): Promise<readonly ShownApproval[]> {
  const filter = execution === undefined ? {} : { execution: executionId(execution) };
  const approvals = await lookInto(command, surroundings, (reader) => reader.approvals(filter));
  return approvals.map(shown);
}

/** As the API shows it. */
function shown(approval: Approval): ShownApproval {
  const { id, about, workflow, execution, path, agent, description, input, form, requestedAt, deadline } = approval;
  return {
    approval_id: id,
    about,
    workflow_id: workflow,
    execution_id: execution,
    task: path,
    ...(agent !== undefined && { agent }),
    ...(description !== undefined && { description }),
    input,
    ...(form && { form }),
    requested_at: requestedAt,
    deadline,
  };
}

export interface Decided {
  readonly approval_id: string;
  readonly decision: Said['decision'];
  readonly decided_by: string;
  /** What is left to do; absent where a process runs the execution, which goes on by itself. */
  readonly next?: string;
}

/** Decides in the command's database: whoever can write it may. */
export async function decideHere(
  command: Command,
  surroundings: Surroundings,
  id: string,
  said: Said,
): Promise<Decided> {
  requireDatabase(command, surroundings);
  const { decideApproval } = await import('../local/index.ts');
  const by = personOf(surroundings);
  const database = databasePath(command, surroundings);
  const { isHeard } = await decideApproval(database, approvalId(id), decisionOf(said, by)).catch(
    withWayTo('try again'),
  );
  const decided = { approval_id: id, decision: said.decision, decided_by: by };
  const execution = executionOfApproval(id);
  return isHeard ? decided : { ...decided, next: `skein resume ${execution ?? ''}`.trim() };
}

function decisionOf(said: Said, by: string): Decision {
  if (said.decision === 'approve') return { kind: 'approve', output: said.output, by };
  return { kind: 'reject', by, ...(said.reason !== undefined && { reason: said.reason }) };
}
