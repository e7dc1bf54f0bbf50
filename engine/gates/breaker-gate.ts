import type { TaskError } from '../../core/agents/index.ts';
import { errorRow } from '../../core/errors/index.ts';
import { breakerKey, controlPlace, keyPart, type Fact } from '../../core/execution/index.ts';
import {
  callsWithin,
  closedBreaker,
  countCall,
  decideBreaker,
  isCounted,
  isFull,
  mayCall,
  nextLook,
  type Breaker,
  type BreakerHold,
  type BreakerNews,
  type BreakerSettings,
  type CallCount,
  type CallWindow,
  type FailureRate,
} from '../../core/resilience/index.ts';
import { parseCompensationPath } from '../../core/ids/index.ts';
import type { EngineContext } from '../engine-context.ts';
import { readControl, type Control } from './control.ts';
import { wakeParked, type Gate, type GateWrites, type Report } from './gate.ts';
import { entryIn } from './shared-queue.ts';

/** Where the breakers of all agent types stand. */
export const BREAKERS = 'breaker';

/** Where calls are counted for the share of failures, in so many counters for each agent type. */
const WINDOWS = 'breaker_window';
const COUNTERS = 8;

/** Milliseconds after an attempt's deadline at which nobody expects its report any more: by then its timer has fired, or its engine is gone. */
const REPORT_GRACE = 60_000;

/** Where the breaker of an agent type stands. */
export function breakerControl(agent: string): string {
  return `${BREAKERS}/${keyPart(agent)}`;
}

/**
 * The breaker of an agent type. Who finds it closed takes nothing and writes nothing; nor does who succeeds while it has counted no failure:
 * its record is written by failures, and by the few calls that try it. Where a share of failures opens it, each report is counted beside it.
 */
export const breakerGate: Gate = {
  async look(ctx, look) {
    const { planned, workflow, agentType } = look;
    const settings = workflow.index.plan.agents[planned.agent]?.breaker;
    if (!settings || agentType.runtime === 'human') return { kind: 'pass', writes: [] };
    const now = ctx.clock.now();
    const permit = newPermit(ctx);
    const agent = agentType.name;
    const control = await readBreaker(ctx, agent);
    const expires = now + planned.timeout * 1000 + REPORT_GRACE;
    const asked = change(control, { agent, now, news: { kind: 'asked', permit, expires } });
    const { breaker, ...written } = asked;
    if (mayCall(breaker, permit)) {
      return { kind: 'pass', holds: { breaker: { agent, epoch: breaker.epoch, permit } }, ...written };
    }
    const until = nextLook(breaker);
    const mustWait = parseCompensationPath(look.record.path) !== undefined;
    if (settings.whenOpen === 'fail' && !mustWait)
      return { kind: 'reject', error: circuitOpen(agent, breaker, until), ...written };
    const { key, arrival } = entryIn(ctx, look, breakerKey(agent));
    return { kind: 'park', cause: { kind: 'breaker', agent, until }, key, arrival, ...written };
  },

  async leave(ctx, { workflow, planned, record, report }) {
    const hold = record.attempt?.holds?.breaker;
    if (!hold || planned.kind !== 'agent') return { writes: [] };
    const settings = workflow.index.plan.agents[planned.agent]?.breaker;
    const news = settings && newsOf(hold, report, settings);
    if (!news) return { writes: [] };
    const now = ctx.clock.now();
    const control = await readBreaker(ctx, hold.agent);
    const { recent, writes: counts } = await countInWindow(ctx, { control, news, now, rate: settings.failureRate });
    const told = news.kind === 'failed' && recent ? { ...news, recent } : news;
    const { writes, facts } = change(control, { agent: hold.agent, now, news: told });
    return { writes: [...writes, ...counts], facts };
  },

  controls: {
    folder: BREAKERS,
    async wake(ctx, key) {
      const { value } = await readControl<Breaker>(ctx, key);
      return value && isFull(value) ? [] : wakeParked(ctx, breakerKey(controlPlace(key).name));
    },
  },
};

async function readBreaker(ctx: EngineContext, agent: string): Promise<Control<Breaker>> {
  return readControl<Breaker>(ctx, breakerControl(agent));
}

interface Reported {
  readonly control: Control<Breaker>;
  readonly news: BreakerNews;
  readonly now: number;
  readonly rate: FailureRate | undefined;
}

/** Counts a report for the share of failures; `recent` is what there is with it, as far as a failure needs to know. */
async function countInWindow(
  ctx: EngineContext,
  { control: { value: breaker = closedBreaker }, news, now, rate }: Reported,
): Promise<GateWrites & { readonly recent?: CallCount }> {
  if (!rate || (news.kind !== 'succeeded' && news.kind !== 'failed')) return { writes: [] };
  if (!isCounted(breaker, news.hold)) return { writes: [] };
  const { epoch } = breaker;
  const folder = `${WINDOWS}/${keyPart(news.hold.agent)}`;
  const key = `${folder}/${Math.floor(ctx.ids.random() * COUNTERS)}`;
  const isFailure = news.kind === 'failed';
  const own = await readControl<CallWindow>(ctx, key);
  const counted = countCall(own.value, { epoch, isFailure, rate, now });
  const writes = [own.put(counted)];
  if (!isFailure) return { writes };
  const others = (await ctx.ledger.listControls(folder)).filter((record) => record.key !== key);
  // Whoever writes into this folder writes counters.
  const counters = [counted, ...others.map(({ value }) => value as CallWindow)];
  return { writes, recent: callsWithin(counters, { epoch, window: rate.window, now }) };
}

interface Happening {
  readonly agent: string;
  readonly news: BreakerNews;
  readonly now: number;
}

/** What becomes of the breaker, and the writes that make it so: none where nothing changes. */
function change(
  { value: before = closedBreaker, put }: Control<Breaker>,
  { agent, news, now }: Happening,
): Required<GateWrites> & { readonly breaker: Breaker } {
  const breaker = decideBreaker(before, news, now);
  if (breaker === before) return { breaker, writes: [], facts: [] };
  return { breaker, writes: [put(breaker)], facts: breaker.epoch === before.epoch ? [] : [factOf(agent, breaker)] };
}

function factOf(agent: string, breaker: Breaker): Fact {
  const { epoch } = breaker;
  switch (breaker.status) {
    case 'open':
      return { type: 'breaker.opened', data: { agent, epoch, until: breaker.until, error: breaker.error } };
    case 'half_open':
      return { type: 'breaker.half_opened', data: { agent, epoch } };
    case 'closed':
      return { type: 'breaker.closed', data: { agent, epoch } };
  }
}

/** Undefined for what a breaker is not told: it has to find out by itself, by the permit that expires. */
function newsOf(hold: BreakerHold, report: Report, settings: BreakerSettings): BreakerNews | undefined {
  switch (report.kind) {
    case 'succeeded':
    case 'withdrawn':
      return { kind: report.kind, hold };
    case 'failed':
      // An agent that answers for good reasons that it will not do this is well.
      return blamesAgent(report.error)
        ? { kind: 'failed', hold, settings, error: report.error.name }
        : { kind: 'succeeded', hold };
    case 'unknown':
      return undefined;
  }
}

function blamesAgent({ name, retryable }: TaskError): boolean {
  return errorRow(name).blamesAgent === true && retryable !== false;
}

/** New for each look: a permit that somebody else has asked for, or that an earlier process did, is not this attempt's. */
function newPermit({ ids }: EngineContext): string {
  return ids.random().toString(36).slice(2);
}

function circuitOpen(agent: string, breaker: Breaker, until: number): TaskError {
  const last = breaker.status === 'closed' ? '' : `; the last error was ${breaker.error}`;
  const when = new Date(until).toISOString();
  return {
    name: 'CircuitOpen',
    message: `The breaker of ${agent} is ${breaker.status === 'open' ? 'open' : 'half-open'} until ${when}${last}.`,
  };
}
