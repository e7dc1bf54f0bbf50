import { readHandle, type HandleScope, type Usage } from '../core/agents/index.ts';
import { assertNever, ConflictError, NotFoundError } from '../core/errors/index.ts';
import type { ActionRequest, Approval, Decision, Incident, NewBusEvent } from '../core/execution/index.ts';
import { compensationPath, type ApprovalId, type ExecutionId, type Handle, type TaskPath } from '../core/ids/index.ts';
import type { Breaker } from '../core/resilience/index.ts';
import type { AgentAnswers, Timer } from '../core/ports/index.ts';
import { admit } from './admission.ts';
import { answerState } from './answer-state.ts';
import { listApprovals, type ApprovalFilter } from './approvals.ts';
import { findBreaker, listBreakers, recordReset, type AgentBreaker } from './breakers.ts';
import { begin, type Beginning } from './begin.ts';
import { clearCache, listCaches, type CacheClearing, type WorkflowCache } from './caches.ts';
import { settleChild } from './child.ts';
import { collect } from './collect.ts';
import { listCompensations, recordResolution, type CompensationStatus, type Resolving } from './compensations.ts';
import { conclude, enterConclude } from './conclude.ts';
import type { StartRequest } from './create-execution.ts';
import { createEngineContext, type EngineContext, type EngineDeps } from './engine-context.ts';
import { confirmDecision, decide } from './decide.ts';
import type { FollowUp, FollowUps, Outcome } from './follow-up.ts';
import { breakerControl, poolControl, wakeForControl } from './gates/index.ts';
import { heartbeat } from './heartbeat.ts';
import {
  closeIncident,
  getIncident,
  listIncidents,
  recordLetter,
  redriveIncident,
  type FoundLetter,
  type IncidentFilter,
} from './incidents.ts';
import { intervene, type Intervened, type Place } from './intervene.ts';
import { iterate } from './iterate.ts';
import { letNextIn } from './let-in.ts';
import { onTimer } from './on-timer.ts';
import { pause, type Paused, type PauseRequest } from './pause.ts';
import { publishEvent } from './publish-event.ts';
import { repeat, type Change } from './repeat.ts';
import { createRooms, type Rooms } from './rooms.ts';
import { settle } from './settle.ts';
import type { FindFollowUps } from './settlement.ts';
import { sharePause } from './share-pause.ts';
import { resume, resumeChild, start } from './start.ts';
import { stop, stopChild } from './stop.ts';
import { sweep, type Sweep } from './sweep.ts';
import { findPool, listPools, listRates, type PoolStatus, type RateStatus } from './pools.ts';
import { recordInstance, type InstanceChange } from './pool-instances.ts';
import { sweepPools } from './sweep-pools.ts';
import { unpause } from './unpause.ts';

export interface Engine {
  /** `id`: of the execution, so that a start can be repeated; default: a new one. */
  start(request: StartRequest, id?: ExecutionId): Promise<ExecutionId>;
  resume(execution: ExecutionId): Promise<void>;
  cancel(execution: ExecutionId, by: string): Promise<void>;
  /**
   * Nothing of a paused execution is dispatched; what runs may finish. Answers the checkpoint, of an earlier pause where that still holds.
   * Throws ConflictError (`cannot_pause`) in any other status than `running`.
   */
  pause(execution: ExecutionId, request: PauseRequest): Promise<Paused>;
  /**
   * Changes nothing where there is no pause. Throws ConflictError: `execution_stopped`; `parent_paused` for a child that shares its
   * parent's pause.
   */
  unpause(execution: ExecutionId, request: Pick<PauseRequest, 'by'>): Promise<void>;
  /** Publishes an event on the coordination bus; one with the id of an earlier one changes nothing. */
  publish(event: NewBusEvent): Promise<void>;
  /** What machines call. */
  begin(beginning: Beginning): Promise<void>;
  dispatch(call: TaskCall): Promise<void>;
  iterate(call: TaskCall): Promise<void>;
  conclude(execution: ExecutionId, token: string): Promise<void>;
  /** Throws NotFoundError (`handle_unknown`) and ConflictError (`attempt_not_live`). */
  readonly answers: AgentAnswers;
  /** What people have to decide now, oldest first. */
  listApprovals(filter?: ApprovalFilter): Promise<readonly Approval[]>;
  /**
   * A person's decision; of two that decide, the first counts, and the other one hears who it was. The same decision again changes nothing. Whether this one may decide is checked before. Throws NotFoundError
   * (`approval_not_found`), ConflictError (`attempt_not_live`), and InvalidRequestError (`invalid_input`) for an answer that does not fit:
   * then the task goes on waiting.
   */
  decide(approval: ApprovalId, decision: Decision): Promise<void>;
  /**
   * Resolves when this decision was made before, and changes nothing. Throws ConflictError (`attempt_not_live`) that says who was first, and
   * NotFoundError (`approval_not_found`) for a question that nobody was asked, or that is open.
   */
  confirmDecision(approval: ApprovalId, decision: Decision): Promise<void>;
  /**
   * Somebody acts on one task by hand: has it tried again, skips, fails or completes it. Repeated with the same id it changes nothing and answers
   * the same. Whether this one may is checked before. Throws what `intervene` throws.
   */
  intervene(place: Place, asked: ActionRequest): Promise<Intervened>;
  /** Breakers of agent types that have counted a failure, by name. */
  listBreakers(): Promise<readonly AgentBreaker[]>;
  /** A closed one where nothing is recorded. */
  findBreaker(agent: string): Promise<Breaker>;
  /** Closes it: somebody says that the agent is well. Whoever waits for it is called. */
  resetBreaker(agent: string, by: string): Promise<Breaker>;
  /** Caches of workflows that have asked for an answer, by name. */
  listCaches(): Promise<readonly WorkflowCache[]>;
  /** Takes answers out of a cache: somebody says that they are not good any more. Answers how many. */
  clearCache(clearing: CacheClearing): Promise<number>;
  /** Pools that somebody has used, by name. */
  listPools(): Promise<readonly PoolStatus[]>;
  /** Undefined: nobody has used such a pool. */
  findPool(pool: string): Promise<PoolStatus | undefined>;
  /** Agent types that were called with a rate limit, by name. */
  listRates(): Promise<readonly RateStatus[]>;
  /**
   * Drains an instance of a pool, or opens it again: then whoever waits is served. Throws NotFoundError (`pool_not_found`,
   * `instance_not_found`).
   */
  changeInstance(change: InstanceChange): Promise<PoolStatus>;
  /** All that has to be undone of an execution, what is undone first in front. Throws NotFoundError (`execution_not_found`). */
  listCompensations(execution: ExecutionId): Promise<readonly CompensationStatus[]>;
  /** What an operator wants done about what was not undone. Throws NotFoundError, ConflictError (`not_left`). */
  resolveCompensation(execution: ExecutionId, asked: Resolving): Promise<void>;
  /** Letters that nobody could deal with, the last seen first. */
  listIncidents(filter?: IncidentFilter): Promise<readonly Incident[]>;
  /** Throws NotFoundError (`incident_not_found`). */
  getIncident(id: string): Promise<Incident>;
  /** Sends the letter again; once, until it comes back. Throws NotFoundError, ConflictError (`incident_closed`, `not_redrivable`). */
  redriveIncident(id: string, by: string): Promise<Incident>;
  closeIncident(id: string, asked: { readonly by: string; readonly why?: string }): Promise<Incident>;
  /** Makes what was given up an incident; the same copy of a letter once. */
  recordLetter(letter: FoundLetter): Promise<Incident>;
  onTimer(timer: Timer): Promise<void>;
  /** A place in an agents' runtime has come free. */
  onRoom(): Promise<void>;
  /** Does again what follows from a change that somebody else has written: a crash may have swallowed it. Changes nothing otherwise. */
  repeat(change: Change): Promise<void>;
  /** Looks for what has been due for long in an execution, and does it. Answers what it has found: nothing, in a healthy system. */
  sweep(execution: ExecutionId, patience: Sweep): Promise<readonly string[]>;
  /** Takes back slots of pools whose attempts have ended, in two sweeps; answers which. */
  sweepPools(patience: Sweep): Promise<readonly string[]>;
}

/** A state as the machine knows it. */
export interface TaskCall {
  readonly execution: ExecutionId;
  /** Id of the task, or of an item of a static fan-out: `research[1]`. */
  readonly task: string;
  /** One number for each loop around it, outermost first; of `iterate` also the loop's own, last. */
  readonly rounds: readonly number[];
  readonly token: string;
}

export function createEngine(deps: EngineDeps): Engine {
  const ctx = createEngineContext(deps);
  const rooms = createRooms(deps.agents);
  const run = (followUps: FollowUps) => perform(ctx, rooms, followUps);
  // Who answers need not wait for what that sets in motion, nor hear of a failure there; only for its being durable.
  const goOnAside = (find: FindFollowUps) => ctx.aside(find().then(run).catch(deps.onError));
  const answer = async (handle: Handle, outcome: Outcome, usage?: Usage) => {
    const settled = await settle(ctx, { ...scopeOfHandle(ctx, handle), outcome, usage, answered: true });
    if (!settled.late) goOnAside(settled.findFollowUps);
    await ctx.durable();
    if (settled.late) throw notLive();
  };
  /** What somebody outside hears, and by it that something holds. */
  const told = async <T>(happening: Promise<T>): Promise<T> => {
    try {
      return await happening;
    } finally {
      await ctx.durable();
    }
  };

  return {
    start: (request, id) => told(started(run, start(ctx, request, id))),
    resume: (execution) => told(resume(ctx, execution).then(run)),
    cancel: (execution, by) => told(stop(ctx, execution, { reason: 'cancel', by }).then(run)),
    pause: (execution, request) =>
      told(
        pause(ctx, execution, request).then(async ({ followUps, ...paused }) => {
          await run(followUps);
          return paused;
        }),
      ),
    unpause: (execution, { by }) => told(unpause(ctx, execution, by).then(run)),
    publish: (event) => told(publishEvent(ctx, event).then(run)),
    begin: async (beginning) => run(await begin(ctx, beginning)),
    dispatch: async ({ execution, task, rounds, token }) =>
      run(await admit(ctx, rooms, { execution, path: await pathOf(ctx, execution, task, rounds), token })),
    iterate: async ({ execution, task, rounds, token }) => {
      const loop = await pathOf(ctx, execution, task, rounds.slice(0, -1));
      await run(await iterate(ctx, { execution, loop, round: rounds.at(-1) ?? 0, token }));
    },
    conclude: async (execution, token) => run(await enterConclude(ctx, execution, token)),
    answers: {
      complete: (handle, output, usage) => answer(handle, { kind: 'output', output }, usage),
      fail: (handle, error, usage) => answer(handle, { kind: 'error', error }, usage),
      heartbeat: async (handle) => {
        const { execution, path, attempt } = scopeOfHandle(ctx, handle);
        if (!(await told(heartbeat(ctx, execution, path, attempt)))) throw notLive();
      },
    },
    ...peopleOf(ctx, { told, goOnAside }),
    ...sharedOf(ctx, { run, told }),
    onTimer: async (timer) => run(await onTimer(ctx, timer)),
    onRoom: () => run(rooms.wake()),
    repeat: async (change) => run(await repeat(ctx, change)),
    sweep: (execution, patience) => sweep(ctx, run, { execution, patience }),
  };
}

async function started(run: Means['run'], starting: ReturnType<typeof start>): Promise<ExecutionId> {
  const { execution, followUps } = await starting;
  await run(followUps);
  return execution;
}

function peopleOf(
  ctx: EngineContext,
  { told, goOnAside }: Pick<Means, 'told'> & { readonly goOnAside: (find: FindFollowUps) => void },
): Pick<Engine, 'listApprovals' | 'decide' | 'confirmDecision' | 'intervene'> {
  return {
    listApprovals: (filter) => told(listApprovals(ctx, filter)),
    decide: (approval, decision) => told(decide(ctx, approval, decision).then(goOnAside)),
    confirmDecision: (approval, decision) => told(confirmDecision(ctx, approval, decision)),
    intervene: (place, asked) =>
      told(
        intervene(ctx, place, asked).then(({ done, findFollowUps }) => {
          goOnAside(findFollowUps);
          return done;
        }),
      ),
  };
}

interface Means {
  readonly run: (followUps: FollowUps) => Promise<void>;
  readonly told: <T>(happening: Promise<T>) => Promise<T>;
}

/** What people see to by hand. */
function sharedOf(ctx: EngineContext, means: Means): Shared {
  return {
    ...breakersOf(ctx, means),
    ...cachesOf(ctx, means),
    ...poolsOf(ctx, means),
    ...incidentsOf(ctx, means),
    ...compensationsOf(ctx, means),
  };
}

type Shared = ReturnType<typeof breakersOf> &
  ReturnType<typeof cachesOf> &
  ReturnType<typeof poolsOf> &
  ReturnType<typeof incidentsOf> &
  ReturnType<typeof compensationsOf>;

function breakersOf(
  ctx: EngineContext,
  { run, told }: Means,
): Pick<Engine, 'listBreakers' | 'findBreaker' | 'resetBreaker'> {
  const reset = async (agent: string, by: string): Promise<Breaker> => {
    const breaker = await recordReset(ctx, agent, by);
    await run(await wakeForControl(ctx, breakerControl(agent)));
    return breaker;
  };
  return {
    listBreakers: () => told(listBreakers(ctx)),
    findBreaker: (agent) => told(findBreaker(ctx, agent)),
    resetBreaker: (agent, by) => told(reset(agent, by)),
  };
}

function cachesOf(ctx: EngineContext, { told }: Means): Pick<Engine, 'listCaches' | 'clearCache'> {
  return {
    listCaches: () => told(listCaches(ctx)),
    clearCache: (clearing) => told(clearCache(ctx, clearing)),
  };
}

function poolsOf(
  ctx: EngineContext,
  { run, told }: Means,
): Pick<Engine, 'listPools' | 'findPool' | 'listRates' | 'changeInstance' | 'sweepPools'> {
  const change = async (asked: InstanceChange): Promise<PoolStatus> => {
    const pool = await recordInstance(ctx, asked);
    await run(await wakeForControl(ctx, poolControl(asked.pool)));
    return pool;
  };
  return {
    listPools: () => told(listPools(ctx)),
    findPool: (pool) => told(findPool(ctx, pool)),
    listRates: () => told(listRates(ctx, ctx.clock.now())),
    changeInstance: (asked) => told(change(asked)),
    sweepPools: (patience) => sweepPools(ctx, run, patience),
  };
}

function compensationsOf(
  ctx: EngineContext,
  { run, told }: Means,
): Pick<Engine, 'listCompensations' | 'resolveCompensation'> {
  const resolve = async (id: ExecutionId, asked: Resolving): Promise<void> => {
    await recordResolution(ctx, id, asked, (writes) => ctx.commit(writes));
    const path = compensationPath(asked.task);
    const again = asked.as === 'retry' ? [{ kind: 'admit', execution: id, path } as const] : [];
    await run([...again, { kind: 'conclude', execution: id }]);
  };
  return {
    listCompensations: (id) => told(listCompensations(ctx, id)),
    resolveCompensation: (id, asked) => told(resolve(id, asked)),
  };
}

function incidentsOf(ctx: EngineContext, { told }: Means): Pick<Engine, IncidentCalls> {
  return {
    listIncidents: (filter) => told(listIncidents(ctx, filter)),
    getIncident: (id) => told(getIncident(ctx, id)),
    redriveIncident: (id, by) => told(redriveIncident({ ...ctx, redrive: ctx.redrive }, id, by)),
    closeIncident: (id, asked) => told(closeIncident(ctx, id, asked)),
    recordLetter: (letter) => recordLetter(ctx, letter),
  };
}

type IncidentCalls = 'listIncidents' | 'getIncident' | 'redriveIncident' | 'closeIncident' | 'recordLetter';

/**
 * Follow-ups in their order, except that admissions do not wait for one another: the tasks that one settlement sets free are
 * independent, and each of them ends by calling its agent.
 */
async function perform(ctx: EngineContext, rooms: Rooms, followUps: FollowUps): Promise<void> {
  const admissions: Promise<void>[] = [];
  try {
    for (const followUp of followUps) {
      if (followUp.kind === 'admit') {
        const admission = admit(ctx, rooms, followUp).then((next) => perform(ctx, rooms, next));
        // One that fails while a later follow-up is being done is heard of below.
        admission.catch(() => undefined);
        admissions.push(admission);
      } else {
        await perform(ctx, rooms, await performOne(ctx, followUp));
      }
    }
  } finally {
    // Whoever hears of a failure may end the process: nothing may be under way by then.
    await Promise.allSettled(admissions);
  }
  await Promise.all(admissions);
}

async function performOne(ctx: EngineContext, followUp: Exclude<FollowUp, { kind: 'admit' }>): Promise<FollowUps> {
  switch (followUp.kind) {
    case 'settle': {
      const settled = await settle(ctx, followUp);
      return settled.late ? [] : settled.findFollowUps();
    }
    case 'collect':
      return collect(ctx, followUp.execution, followUp.container);
    case 'answer':
      await answerState(ctx, followUp);
      return [];
    case 'iterate':
      await ctx.tokens.succeed(followUp.token, { status: 'running', again: true });
      return [];
    case 'child_ended':
      return settleChild(ctx, followUp.execution, followUp.path);
    case 'resume':
      return resumeChild(ctx, followUp.execution);
    case 'stop':
      return stopChild(ctx, followUp.execution, followUp.by);
    case 'share_pause':
      return sharePause(ctx, followUp.execution);
    case 'let_in':
      return letNextIn(ctx, followUp.queue);
    case 'conclude':
      return conclude(ctx, followUp.execution);
    default:
      return assertNever(followUp, 'FollowUp');
  }
}

async function pathOf(ctx: EngineContext, id: ExecutionId, task: string, rounds: readonly number[]): Promise<TaskPath> {
  const { index } = await ctx.getWorkflow(await ctx.getExecution(id));
  return index.pathOf(task, rounds);
}

function scopeOfHandle(ctx: EngineContext, handle: Handle): HandleScope {
  const scope = readHandle(ctx.handleSecret, handle);
  if (scope?.tenant === ctx.tenant) return scope;
  throw new NotFoundError({ code: 'handle_unknown', message: 'This handle belongs to no attempt.' });
}

function notLive(): ConflictError {
  return new ConflictError({
    code: 'attempt_not_live',
    message: 'This attempt has been settled already: answered, timed out, or stopped.',
  });
}
