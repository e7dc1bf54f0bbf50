import { answerProblem, signHandle } from '../core/agents/index.ts';
import { ConflictError, InvalidRequestError, NotFoundError } from '../core/errors/index.ts';
import {
  advanceTask,
  refuseAction,
  untouchedTask,
  withIntervention,
  type ActionRequest,
  type ExecutionRecord,
  type Fact,
  type Intervention,
  type TaskRecord,
} from '../core/execution/index.ts';
import { taskIdOf, type ExecutionId, type TaskPath } from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import type { PlannedTask } from '../core/plan/index.ts';
import { valueProblems } from '../core/schemas/index.ts';
import { wakeConclude, wakeQueues } from './after-settlement.ts';
import { answerProblems } from './answer-problems.ts';
import { isHuman } from './approvals.ts';
import type { EngineContext, LoadedWorkflow } from './engine-context.ts';
import { leaveGates, wakeBehind, wakeForControls } from './gates/index.ts';
import { commitSettlement, failed, succeeded, type Ending, type FindFollowUps, type Settling } from './settlement.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';
import { cleared, leaveParking, taskWrites } from './writes.ts';

/** What was done. */
export interface Intervened extends Intervention {
  readonly execution: ExecutionId;
  readonly path: TaskPath;
}

export interface Place {
  readonly execution: ExecutionId;
  readonly path: TaskPath;
}

/**
 * Acts on one task in somebody's name: one commit has the task's new state, the fact and who it was. Of an action and whatever else ends the
 * attempt the first one counts. Throws NotFoundError (`execution_not_found`, `task_not_found`), ConflictError with the codes of a Refusal and
 * `request_reused`, and InvalidRequestError (`invalid_input`) for an output that does not fit: then nothing was changed.
 */
export async function intervene(
  ctx: EngineContext,
  { execution: id, path }: Place,
  asked: ActionRequest,
): Promise<{ readonly done: Intervened; readonly findFollowUps: FindFollowUps }> {
  return untilCommitted(`${asked.action} of ${path} by hand`, async () => {
    const execution = await ctx.getExecution(id);
    const workflow = await ctx.getWorkflow(execution);
    const found = await ctx.ledger.findTask(id, path);
    if (!found && !isPlanned(workflow, path)) throw notFound(id, path);
    const record = found ?? untouchedTask(id, path);
    const earlier = record.interventions?.find(({ request }) => request === asked.request);
    if (earlier) return { done: repeated(record, earlier, asked), findFollowUps: async () => [] };
    const planned = workflow.index.taskAt(path);
    const maySkip = workflow.index.maySkip(path);
    const stuck = { execution, record, planned, maySkip, isHuman: isHumanTask(ctx, workflow, planned) };
    const refusal = refuseAction(asked.action, stuck);
    if (refusal) throw new ConflictError(refusal);
    const at = ctx.clock.now();
    const { action, by, why, request } = asked;
    const done: Intervention = { request, action, by, at };
    const fact: Fact = { type: 'task.intervened', data: { action, by, ...(why !== undefined && { why }), request } };
    const findFollowUps = await carryOut(ctx, { execution, workflow, planned, record, done, before: [fact] }, asked);
    if (findFollowUps === AGAIN) return AGAIN;
    return { done: { ...done, execution: id, path }, findFollowUps: withSignal(ctx, record, findFollowUps) };
  });
}

interface Acting extends Settling {
  readonly done: Intervention;
  readonly before: readonly Fact[];
}

async function carryOut(
  ctx: EngineContext,
  acting: Acting,
  asked: ActionRequest,
): Promise<FindFollowUps | typeof AGAIN> {
  if (asked.action === 'retry') return tryAgain(ctx, acting);
  const { change, event } = await endingOf(ctx, acting, asked);
  const interventions = withIntervention(acting.record, acting.done);
  // Nobody waits for the agent's answer any more, and how it would have gone nobody knows.
  return commitSettlement(ctx, acting, { change: { ...change, interventions }, event, report: { kind: 'unknown' } });
}

async function endingOf(
  ctx: EngineContext,
  { workflow, planned, record: { attempts } }: Acting,
  asked: Exclude<ActionRequest, { action: 'retry' }>,
): Promise<Ending> {
  const said = `by ${asked.by}${asked.why === undefined ? '' : `: ${asked.why}`}`;
  if (asked.action === 'complete') {
    requireFit(ctx, { workflow, planned }, asked.output);
    return succeeded(await ctx.store(asked.output), attempts);
  }
  if (asked.action === 'fail') return failed({ name: 'FailedByHand', message: `Failed ${said}` }, attempts);
  const why = `skipped ${said}`;
  return { change: { status: 'skipped', why }, event: { type: 'task.skipped', data: { status: 'skipped', why } } };
}

/** The live attempt, if there is one, ends here; the next one begins as soon as admission lets it. */
async function tryAgain(ctx: EngineContext, acting: Acting): Promise<FindFollowUps | typeof AGAIN> {
  const { record, done, before } = acting;
  const { attempt: live } = record;
  const left = await leaveGates(ctx, { ...acting, report: { kind: 'unknown' } });
  const now = ctx.clock.now();
  const error = { name: 'RetriedByHand', message: `Tried again by ${done.by}` };
  const cause = {
    kind: 'retry',
    attempt: record.attempts + 1,
    at: now,
    error: lastErrorOf(record) ?? error.name,
  } as const;
  const parking = record.parking + 1;
  const advanced = advanceTask(
    record,
    (task) => ({
      ...cleared(task),
      status: 'parked',
      cause,
      parking,
      interventions: withIntervention(record, done),
    }),
    [
      ...before,
      ...left.facts,
      ...(live ? [{ type: 'task.retried', data: { attempt: live.number, error } } as const] : []),
      { type: 'task.parked', data: { cause } },
    ],
    { now },
  );
  if (!(await ctx.commit([...taskWrites(advanced), ...leaveParking(record), ...left.writes]))) return AGAIN;
  return async () => {
    const { execution, path } = record;
    await ctx.timers.schedule({ kind: 'wake', execution, path, parking }, cause.at);
    // Read after the commit, as after a settlement: the execution may have been stopped meanwhile.
    const owner = await ctx.getExecution(execution);
    const woken = await wakeForControls(ctx, left.writes);
    return [
      ...(await wakeQueues(ctx, owner, path)),
      ...woken,
      ...(await wakeBehind(ctx, record.queued)),
      ...wakeConclude(owner),
    ];
  };
}

/** The error of the attempt whose retry is brought forward. */
function lastErrorOf({ cause }: TaskRecord): string | undefined {
  const own = cause?.kind === 'pause' ? cause.before : cause;
  return own?.kind === 'retry' ? own.error : undefined;
}

/** The agent works for nobody any more, and is told so; best effort. */
function withSignal(
  ctx: EngineContext,
  { execution, path, attempt }: TaskRecord,
  findFollowUps: FindFollowUps,
): FindFollowUps {
  if (!attempt) return findFollowUps;
  return async () => {
    await ctx.durable();
    const handle = signHandle(ctx.handleSecret, { tenant: ctx.tenant, execution, path, attempt: attempt.number });
    await ctx.agents.cancel(handle, 'somebody has acted on the task by hand').catch(ctx.onError);
    return findFollowUps();
  };
}

function repeated(
  { execution, path }: TaskRecord,
  earlier: Intervention,
  { action, request }: ActionRequest,
): Intervened {
  if (earlier.action === action) return { ...earlier, execution, path };
  throw new ConflictError({
    code: 'request_reused',
    message: `Request ${request} has been used to ${earlier.action} this task.`,
    hint: 'Make a new id for each request, and repeat a request with its own.',
  });
}

function requireFit(
  ctx: EngineContext,
  { workflow, planned }: { readonly workflow: LoadedWorkflow; readonly planned: PlannedTask },
  output: Json,
): void {
  const tooDeep = answerProblem(output);
  const problems = tooDeep === undefined ? misfitsOf(ctx, { workflow, planned }, output) : [tooDeep];
  if (problems.length === 0) return;
  throw new InvalidRequestError({
    code: 'invalid_input',
    message: `The output does not fit the task: ${problems.join('; ')}.`,
    hint: 'Nothing was changed; correct the output and try again.',
    details: { problems: [...problems] },
  });
}

function misfitsOf(
  ctx: EngineContext,
  { workflow, planned }: { readonly workflow: LoadedWorkflow; readonly planned: PlannedTask },
  output: Json,
): readonly string[] {
  if (planned.kind === 'agent') return answerProblems(ctx, { workflow, planned }, output);
  return planned.kind === 'workflow' && planned.output ? valueProblems(planned.output, output) : [];
}

function isHumanTask(ctx: EngineContext, workflow: LoadedWorkflow, planned: PlannedTask): boolean {
  return planned.kind === 'agent' && isHuman(ctx.getAgentType(workflow, planned.agentType));
}

function isPlanned({ index }: LoadedWorkflow, path: TaskPath): boolean {
  const id = taskIdOf(path);
  return index.plan.tasks.some((task) => task.id === id);
}

function notFound(execution: ExecutionRecord['id'], path: TaskPath): NotFoundError {
  return new NotFoundError({
    code: 'task_not_found',
    message: `Execution ${execution} has no task ${path}.`,
    hint: `\`skein status ${execution}\` shows its tasks by their paths.`,
  });
}
