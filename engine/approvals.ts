import type { AgentType, HumanAgentType } from '../core/agents/index.ts';
import {
  indexPlan,
  isStopped,
  openQuestion,
  type Approval,
  type ExecutionRecord,
  type PlanIndex,
  type StoredValue,
  type TaskRecord,
} from '../core/execution/index.ts';
import { memberPath, regionOf, type ExecutionId } from '../core/ids/index.ts';
import { parseJson, type Json, type JsonObject } from '../core/json/index.ts';
import type { AgentTask, CheckpointTask } from '../core/plan/index.ts';
import type { PublishedWorkflow } from '../core/ports/index.ts';
import { budgetApprovals } from './budget-questions.ts';
import type { EngineDeps } from './engine-context.ts';

type Sources = Pick<EngineDeps, 'ledger' | 'blobs' | 'definitions'>;

/** Of one execution; else of all that have not ended. */
export interface ApprovalFilter {
  readonly execution?: ExecutionId;
}

/**
 * What people have to decide now, oldest first: the live attempts of human agents, the checkpoints that ask, and budgets that leave no room. Read from
 * the ledger, so there is no inbox that could say something else.
 */
export async function listApprovals(
  sources: Sources,
  { execution }: ApprovalFilter = {},
): Promise<readonly Approval[]> {
  const ids = execution === undefined ? await sources.ledger.listOpenExecutions() : [execution];
  const found: Approval[] = [];
  for (const id of ids) found.push(...(await approvalsOf(sources, id)));
  return found.sort((a, b) => a.requestedAt - b.requestedAt || (a.id < b.id ? -1 : 1));
}

async function approvalsOf(sources: Sources, id: ExecutionId): Promise<readonly Approval[]> {
  const execution = await sources.ledger.findExecution(id);
  if (!execution || isStopped(execution.status)) return [];
  return [...(await taskApprovals(sources, execution)), ...(await budgetApprovals(sources, execution))];
}

/** What tasks wait for. */
async function taskApprovals(sources: Sources, execution: ExecutionRecord): Promise<readonly Approval[]> {
  const { ledger, definitions } = sources;
  const workflow = await definitions.find(execution.workflow, execution.version);
  if (!workflow || !mayAsk(workflow)) return [];
  const index = indexPlan(workflow.plan);
  const tasks = await ledger.listTasks(execution.id);
  const place = { execution, workflow, index, tasks };
  const approvals = tasks.map(async (task) => {
    const planned = index.taskAt(task.path);
    if (planned.kind === 'checkpoint') return checkpointApproval(sources, task, { ...place, planned });
    return planned.kind === 'agent' ? attemptApproval(sources, task, { ...place, planned }) : undefined;
  });
  return (await Promise.all(approvals)).filter((approval) => approval !== undefined);
}

function mayAsk({ agentTypes, plan }: PublishedWorkflow): boolean {
  const asks = plan.tasks.some((task) => task.kind === 'checkpoint' && task.approve);
  return asks || Object.values(agentTypes).some(isHuman);
}

interface Place<Planned> {
  readonly execution: ExecutionRecord;
  readonly workflow: PublishedWorkflow;
  readonly index: PlanIndex;
  readonly tasks: readonly TaskRecord[];
  readonly planned: Planned;
}

async function attemptApproval(
  { blobs }: Sources,
  { execution: id, path, attempt, input }: TaskRecord,
  { execution, workflow, planned }: Place<AgentTask>,
): Promise<Approval | undefined> {
  const type = workflow.agentTypes[planned.agentType];
  if (attempt?.approval === undefined || !type || !isHuman(type)) return undefined;
  const form = formOf(type, planned);
  return {
    id: attempt.approval,
    about: 'task',
    execution: id,
    path,
    attempt: attempt.number,
    workflow: execution.workflow,
    version: execution.version,
    agent: planned.agent,
    ...(planned.description !== undefined && { description: planned.description }),
    input: await load(blobs, input),
    ...(form && { form }),
    ...addressees(type),
    requestedAt: attempt.startedAt,
    deadline: attempt.deadline,
  };
}

/** What is to be decided about is the task before the checkpoint, and what it has answered. */
async function checkpointApproval(
  { blobs }: Sources,
  record: TaskRecord,
  { execution, tasks, index, planned }: Place<CheckpointTask>,
): Promise<Approval | undefined> {
  const question = openQuestion(record);
  if (!question) return undefined;
  const path = memberPath(regionOf(record.path), planned.of);
  const { description = `May it go on after ${planned.of}?` } = index.taskAt(path);
  const { output } = tasks.find((task) => task.path === path) ?? {};
  const { form } = planned.approve ?? {};
  return {
    id: question.approval,
    about: 'task',
    execution: record.execution,
    path: record.path,
    workflow: execution.workflow,
    version: execution.version,
    description,
    input: { task: path, output: output ? await load(blobs, output) : null },
    ...(form && { form }),
    ...addressees(question),
    requestedAt: question.at,
    deadline: question.until,
  };
}

export function isHuman(type: AgentType): type is HumanAgentType {
  return type.runtime === 'human';
}

type Addressees = Pick<HumanAgentType, 'roles' | 'assignees'>;

/** Who may decide. */
export function addressees({ roles, assignees }: Addressees): Addressees {
  return { ...(roles && { roles }), ...(assignees && { assignees }) };
}

/** An answer fits both the agent type's schema and the task's. */
function formOf({ output }: HumanAgentType, task: AgentTask): JsonObject | undefined {
  return output && task.output ? { allOf: [output, task.output] } : (output ?? task.output);
}

async function load(blobs: Sources['blobs'], value: StoredValue | undefined): Promise<Json> {
  if (!value) return {};
  return 'inline' in value ? value.inline : parseJson(await blobs.get(value.blob));
}
