import { cacheKey, type StoredValue } from '../../core/execution/index.ts';
import { evaluateTree, ExpressionError } from '../../core/expressions/index.ts';
import { executionId, taskPath } from '../../core/ids/index.ts';
import {
  decideCache,
  emptyEntry,
  findInCache,
  uselessFrom,
  type CacheCaller,
  type CacheEntry,
} from '../../core/resilience/index.ts';
import { answerProblems } from '../answer-problems.ts';
import type { EngineContext } from '../engine-context.ts';
import type { FollowUps } from '../follow-up.ts';
import { scopeOfTask } from '../scope.ts';
import { cacheControl, cacheOf, CACHES, isEntry } from './cache-records.ts';
import { readControl, type Control } from './control.ts';
import { wakeParked, type Asking, type Gate, type Passage, type Report } from './gate.ts';
import { frontOfQueue } from './shared-queue.ts';

/**
 * Answers to earlier calls with the same key. Who finds none makes the call for all that come meanwhile, and says so in the very commit that
 * begins the attempt; its answer is recorded in the very commit that settles it. When it fails instead, the next one in order calls.
 */
export const cacheGate: Gate = {
  async look(ctx, look) {
    const settings = look.planned.cache;
    if (!settings) return { kind: 'pass', writes: [] };
    const key = await keyOf(ctx, look, settings.key);
    if (typeof key !== 'string') return { kind: 'reject', error: key, writes: [] };
    const control = await readControl<CacheEntry>(ctx, key);
    const found = findInCache(control.value, ctx.clock.now());
    switch (found.kind) {
      case 'hit': {
        const { output, by, at } = found.entry;
        // Another version of the workflow, or of the agent type, may ask for another form.
        if (!(await fits(ctx, look, output))) return call(ctx, look, { key, control });
        const cached = { execution: executionId(by.execution), task: taskPath(by.path), at };
        return { kind: 'settle', output, cached, writes: [] };
      }
      case 'running':
        return { kind: 'park', cause: causeOf(ctx, look, { key, ...found }), key: cacheKey(key), writes: [] };
      case 'free':
        return call(ctx, look, { key, control });
    }
  },

  async leave(ctx, { planned, record, report }) {
    const hold = record.attempt?.holds?.cache;
    if (!hold || planned.kind !== 'agent') return { writes: [] };
    const control = await readControl<CacheEntry>(ctx, hold.key);
    const { value: before } = control;
    if (!before) return { writes: [] };
    const caller = callerOf(record, record.attempt.number);
    const entry = decideCache(before, newsOf(report, caller, planned.cache?.ttl), ctx.clock.now());
    return { writes: entry === before ? [] : [control.put(entry, uselessFrom(entry))] };
  },

  controls: { folder: CACHES, wake: wakeCache },
  queue: { prefix: cacheKey(''), wake: (ctx, key) => wakeCache(ctx, key.slice(cacheKey('').length)) },
};

interface Found {
  readonly key: string;
  readonly control: Control<CacheEntry>;
}

/** Nobody has the answer, and nobody is at it. */
async function call(
  ctx: EngineContext,
  { planned, record, execution }: Asking,
  { key, control }: Found,
): Promise<Passage> {
  const now = ctx.clock.now();
  const news = {
    kind: 'called',
    caller: callerOf(record, record.attempts + 1),
    deadline: now + planned.timeout * 1000,
  } as const;
  const entry = decideCache(control.value ?? emptyEntry(planned.id, now), news, now);
  const known = await readControl(ctx, cacheOf(execution.workflow));
  const writes = [control.put(entry, uselessFrom(entry)), ...(known.value === undefined ? [known.put({})] : [])];
  return { kind: 'pass', holds: { cache: { key } }, writes };
}

interface Running {
  readonly key: string;
  readonly caller: CacheCaller;
  readonly until: number;
}

/** Whom it has waited for it goes on naming: who has taken over makes the same call, and a change for each one that waits would tell nobody more. */
function causeOf(ctx: EngineContext, { record }: Asking, { key, caller, until }: Running) {
  const { cause, queued } = record;
  if (cause?.kind === 'same_call' && queued?.key === cacheKey(key) && ctx.clock.now() < cause.until) return cause;
  return { kind: 'same_call', execution: executionId(caller.execution), task: taskPath(caller.path), until } as const;
}

/** The control record of the call. What equal calls have in common is theirs within one task of one workflow, whatever its version. */
async function keyOf(ctx: EngineContext, look: Asking, own: string | undefined) {
  const { execution, planned, agentType, input } = look;
  const place = { workflow: execution.workflow, task: planned.id };
  if (own === undefined) {
    return cacheControl({ ...place, common: { agent: agentType.name, input: await ctx.load(input) } });
  }
  try {
    return cacheControl({ ...place, common: { key: evaluateTree(own, await scopeOfTask(ctx, look, own)) } });
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { name: 'InvalidInput', message: `The key of its cache: ${error.message}` };
  }
}

async function fits(ctx: EngineContext, { workflow, planned }: Asking, output: StoredValue): Promise<boolean> {
  return answerProblems(ctx, { workflow, planned }, await ctx.load(output)).length === 0;
}

function callerOf({ execution, path }: Pick<CacheCaller, 'execution' | 'path'>, attempt: number): CacheCaller {
  return { execution, path, attempt };
}

function newsOf(report: Report, caller: CacheCaller, ttl: number | null | undefined) {
  const isAnswer = report.kind === 'succeeded' && report.output !== undefined && ttl !== undefined;
  return isAnswer
    ? ({ kind: 'succeeded', caller, output: report.output, ttl } as const)
    : ({ kind: 'given_back', caller } as const);
}

/** All that wait when there is an answer; the first of them when somebody has to make the call. */
async function wakeCache(ctx: EngineContext, key: string): Promise<FollowUps> {
  if (!isEntry(key)) return [];
  const { value } = await readControl<CacheEntry>(ctx, key);
  const { kind } = findInCache(value, ctx.clock.now());
  if (kind === 'running') return [];
  if (kind === 'hit') return wakeParked(ctx, cacheKey(key));
  const { entries } = await frontOfQueue(ctx, cacheKey(key), { enough: 1 });
  return entries.map(({ execution, path }) => ({ kind: 'admit', execution, path }) as const);
}
