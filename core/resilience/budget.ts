import { microsOf, minus, noAmounts, plus, usdOfMicros, type Amounts } from './amounts.ts';

/** What one execution may use up, the children within it included. What is absent has no limit. */
export interface BudgetLimits {
  /** US dollars. */
  readonly usd?: number;
  /** Of language models. */
  readonly tokens?: number;
  /** Attempts of agents. */
  readonly calls?: number;
  /** Seconds from its start, pauses left out. */
  readonly wallTime?: number;
  /** Children within one another. */
  readonly depth?: number;
  /** What becomes of a call that does not fit; `ask`: people may raise the limit of money, tokens or calls. Default: `fail`. */
  readonly onExceeded?: 'fail' | 'ask';
}

export type BudgetPart = 'usd' | 'tokens' | 'calls' | 'wall_time' | 'depth';

/** Parts that somebody may raise while the execution goes on. */
export type AskedPart = 'usd' | 'tokens' | 'calls';

/** A part of a budget and how much of it is used, in the author's unit: dollars, tokens, calls, seconds, levels. */
export interface BudgetVerdict {
  readonly budget: BudgetPart;
  readonly limit: number;
  readonly used: number;
  /** What the call may use at most for which there is no room, where somebody says. */
  readonly needs?: number;
}

/** The last thing that people were asked about a part of a budget. JSON. */
export type BudgetQuestion = {
  /** From 1; each part counts its own. */
  readonly number: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The task whose call did not fit, and its execution: the budget's own or one within it. */
  readonly task: string;
  readonly execution: string;
  readonly limit: number;
  readonly used: number;
  readonly needs?: number;
  /** Absent: it is open. */
  readonly answer?: {
    readonly verdict: 'raised' | 'refused';
    readonly by: string;
    readonly at: number;
    /** By how much, in the part's unit. */
    readonly raise?: number;
  };
};

/** What is recorded of a budget: JSON. A call counts from the moment when it is decided on, what it uses from its end on. */
export type BudgetAccount = {
  readonly calls: number;
  readonly used: Amounts;
  /** What calls that go on may use at most, as far as their agents' types say. */
  readonly reserved: Amounts;
  /** What people have added to its limits, in the author's units. */
  readonly raised?: { readonly [Part in AskedPart]?: number };
  readonly questions?: { readonly [Part in AskedPart]?: BudgetQuestion };
};

/** As long as nothing is recorded. */
export const unusedBudget: BudgetAccount = { calls: 0, used: noAmounts, reserved: noAmounts };

/** A call that wants to be made. */
export interface BudgetCall {
  /** What it may use at most; what is absent nobody says. */
  readonly most: Partial<Amounts>;
  /** Since the start of the budget's execution, its pauses left out. */
  readonly seconds: number;
}

export type BudgetDecision =
  /** It may be made once `account` is recorded. `warned`: the parts of which it uses the fourth fifth. */
  | { readonly kind: 'pass'; readonly account: BudgetAccount; readonly warned: readonly BudgetVerdict[] }
  /** Its room is reserved by calls that go on: some of it may come back. */
  | { readonly kind: 'wait'; readonly verdict: BudgetVerdict }
  /** People may raise the limit. `account`: with the question, where it is a new one. */
  | {
      readonly kind: 'ask';
      readonly verdict: BudgetVerdict;
      readonly part: AskedPart;
      readonly number: number;
      readonly account?: BudgetAccount;
    }
  | { readonly kind: 'refuse'; readonly verdict: BudgetVerdict };

/** Whether an account is kept; wall time and depth need none. */
export function keepsAccount(limits: BudgetLimits): boolean {
  return limits.calls !== undefined || isMetered(limits);
}

/** Whether something is limited of which only the end of a call tells how much it was. */
export function isMetered({ usd, tokens }: BudgetLimits): boolean {
  return usd !== undefined || tokens !== undefined;
}

/** Whether another call may be made. With it is reserved what it may use, so that calls which come at once cannot overspend together. */
export function decideCall(
  limits: BudgetLimits,
  account: BudgetAccount,
  { most, seconds }: BudgetCall,
): BudgetDecision {
  const { wallTime, calls } = limits;
  if (wallTime !== undefined && seconds >= wallTime)
    return refusal({ budget: 'wall_time', limit: wallTime, used: seconds });
  if (calls !== undefined && account.calls >= calls)
    return refusal({ budget: 'calls', limit: calls, used: account.calls });
  const meters = metersOf(limits, account).map((meter) => ({ meter, room: roomIn(meter, most[meter.key]) }));
  const over = meters.find(({ room }) => room === 'none');
  if (over) return refusal(withNeeds(over.meter, most));
  const full = meters.find(({ room }) => room === 'perhaps');
  if (full) return { kind: 'wait', verdict: withNeeds(full.meter, most) };
  const made = account.calls + 1;
  const isNews = calls !== undefined && passes(calls, account.calls, made);
  return {
    kind: 'pass',
    account: { ...account, calls: made, reserved: plus(account.reserved, reservedFor(limits, most) ?? noAmounts) },
    warned: isNews ? [{ budget: 'calls', limit: calls, used: made }] : [],
  };
}

/** What the account reserves for a call. Undefined: nothing is limited that would have to be. */
export function reservedFor(limits: BudgetLimits, most: Partial<Amounts>): Amounts | undefined {
  return isMetered(limits) ? { ...noAmounts, ...most } : undefined;
}

/** Whether a child may start so many levels below. Undefined: it may. */
export function refusedChild({ depth }: BudgetLimits, levels: number): BudgetVerdict | undefined {
  return depth !== undefined && levels > depth ? { budget: 'depth', limit: depth, used: depth } : undefined;
}

/** How a call ended, as far as its budget is concerned. */
export interface BudgetEnd {
  /** With it. */
  readonly reserved: Amounts;
  /** What its agent says it has used; what is absent it does not say. */
  readonly reported: Partial<Amounts>;
  /** Its agent could not say all: it crashed, or nobody waited for it any more. */
  readonly isLost: boolean;
}

/**
 * What an ended call has used: what its agent says, be it more than was reserved, else all that was. Of a lost one it is whichever is more.
 */
export function usedBy({ reserved, reported, isLost }: BudgetEnd): Amounts {
  const one = (key: keyof Amounts): number => {
    const said = reported[key] ?? reserved[key];
    return isLost ? Math.max(said, reserved[key]) : said;
  };
  return { microUsd: one('microUsd'), tokens: one('tokens') };
}

/** Errors of attempts whose agents had no chance to say all that they have used. */
export function isLostCall(error: string): boolean {
  return error === 'AgentCrashed' || error === 'AttemptTimeout' || error === 'HeartbeatTimeout';
}

/** The account after the end of a call. `warned`: the parts of which it has used the fourth fifth. */
export function settleCall(
  limits: BudgetLimits,
  account: BudgetAccount,
  end: BudgetEnd,
): { readonly account: BudgetAccount; readonly warned: readonly BudgetVerdict[] } {
  const after = {
    ...account,
    used: plus(account.used, usedBy(end)),
    reserved: minus(account.reserved, end.reserved),
  };
  const warned = metersOf(limits, after)
    .filter(({ key, limit }) => passes(limit, account.used[key], after.used[key]))
    .map(({ verdict }) => verdict);
  return { account: after, warned };
}

/** The account after a call was taken back before its agent was asked. */
export function withdrawCall(account: BudgetAccount, reserved: Amounts): BudgetAccount {
  return { ...account, calls: account.calls - 1, reserved: minus(account.reserved, reserved) };
}

/** A limit of something of which only the end of a call tells how much it was. In whole units. */
interface Meter {
  readonly key: keyof Amounts;
  readonly limit: number;
  readonly used: number;
  readonly reserved: number;
  readonly verdict: BudgetVerdict;
  /** An amount as the author would write it. */
  readonly shown: (amount: number) => number;
}

function metersOf({ usd, tokens }: BudgetLimits, { used, reserved }: BudgetAccount): readonly Meter[] {
  const meters: Meter[] = [];
  if (usd !== undefined) {
    const verdict = { budget: 'usd', limit: usd, used: usdOfMicros(used.microUsd) } as const;
    const amounts = { used: used.microUsd, reserved: reserved.microUsd };
    meters.push({ key: 'microUsd', limit: microsOf(usd), ...amounts, verdict, shown: usdOfMicros });
  }
  if (tokens !== undefined) {
    const verdict = { budget: 'tokens', limit: tokens, used: used.tokens } as const;
    const amounts = { used: used.tokens, reserved: reserved.tokens };
    meters.push({ key: 'tokens', limit: tokens, ...amounts, verdict, shown: (amount) => amount });
  }
  return meters;
}

function withNeeds({ key, verdict, shown }: Meter, most: Partial<Amounts>): BudgetVerdict {
  const needs = most[key];
  return needs === undefined ? verdict : { ...verdict, needs: shown(needs) };
}

/** Of a call that may use `most`; undefined: nobody says how much, and it takes whatever is left. `perhaps`: others reserve it now. */
function roomIn({ limit, used, reserved }: Meter, most: number | undefined): 'enough' | 'perhaps' | 'none' {
  const fits = (taken: number): boolean => (most === undefined ? taken < limit : most === 0 || taken + most <= limit);
  if (fits(used + reserved)) return 'enough';
  return fits(used) ? 'perhaps' : 'none';
}

/** Of each limit, the part at which somebody should know. */
const WARN_AT = 0.8;

/** True of the one step with which most of the limit is used. */
function passes(limit: number, before: number, after: number): boolean {
  const mark = Math.ceil(limit * WARN_AT);
  return before < mark && after >= mark;
}

function refusal(verdict: BudgetVerdict): BudgetDecision {
  return { kind: 'refuse', verdict };
}
