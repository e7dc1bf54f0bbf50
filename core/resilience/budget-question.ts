import { microsOf, usdOfMicros } from './amounts.ts';
import type { AskedPart, BudgetAccount, BudgetDecision, BudgetLimits, BudgetQuestion } from './budget.ts';

/** All of them. */
export const askedParts: readonly AskedPart[] = ['usd', 'tokens', 'calls'];

/** The limits as they are by now: what people have added is in them. */
export function limitsNow(limits: BudgetLimits, { raised = {} }: BudgetAccount): BudgetLimits {
  const { usd, tokens, calls } = limits;
  return {
    ...limits,
    ...(usd !== undefined && { usd: added('usd', usd, raised.usd) }),
    ...(tokens !== undefined && { tokens: added('tokens', tokens, raised.tokens) }),
    ...(calls !== undefined && { calls: added('calls', calls, raised.calls) }),
  };
}

/** Whose call does not fit, and when. */
export type BudgetAsker = Pick<BudgetQuestion, 'at' | 'task' | 'execution'>;

/**
 * Whether a call that does not fit waits for people. One question of each part is open at a time, whoever comes; after a refusal nobody is asked
 * again.
 */
export function askInstead(decision: BudgetDecision, account: BudgetAccount, asker: BudgetAsker): BudgetDecision {
  if (decision.kind !== 'refuse') return decision;
  const { verdict } = decision;
  const part = askedParts.find((it) => it === verdict.budget);
  if (part === undefined) return decision;
  const before = account.questions?.[part];
  if (before?.answer?.verdict === 'refused') return decision;
  if (before && !before.answer) return { kind: 'ask', verdict, part, number: before.number };
  const { budget, ...amounts } = verdict;
  const question = { number: (before?.number ?? 0) + 1, ...asker, ...amounts };
  const questions = { ...account.questions, [part]: question };
  return { kind: 'ask', verdict, part, number: question.number, account: { ...account, questions } };
}

/** What somebody says to an open question. `raise`: by how much, in the part's unit. */
export type BudgetAnswer = { readonly by: string; readonly at: number } & (
  { readonly kind: 'raise'; readonly raise: number } | { readonly kind: 'refuse' }
);

/** The account after an answer to the question `number` of a part. Undefined: that question is not open. */
export function answerQuestion(
  account: BudgetAccount,
  { part, number }: { readonly part: AskedPart; readonly number: number },
  answer: BudgetAnswer,
): BudgetAccount | undefined {
  const question = account.questions?.[part];
  if (question?.number !== number || question.answer) return undefined;
  const { by, at } = answer;
  const told: BudgetQuestion['answer'] =
    answer.kind === 'raise' ? { verdict: 'raised', by, at, raise: answer.raise } : { verdict: 'refused', by, at };
  const questions = { ...account.questions, [part]: { ...question, answer: told } };
  if (answer.kind !== 'raise') return { ...account, questions };
  const raised = { ...account.raised, [part]: added(part, answer.raise, account.raised?.[part]) };
  return { ...account, questions, raised };
}

/** In whole millionths of a dollar, so that no sum is ever rounded. */
function added(part: AskedPart, a: number, b = 0): number {
  return part === 'usd' ? usdOfMicros(microsOf(a) + microsOf(b)) : a + b;
}
