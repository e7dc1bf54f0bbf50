import type { Usage } from '../agents/index.ts';

/** More than any call costs, and so little that sums of it stay exact: dollars, tokens. */
const MOST = 1_000_000_000;

/** Dollars are counted in millionths. */
const MICROS = 1_000_000;

/** Why something is no usage, in plain words; undefined when it is one. */
export function usageProblem(usage: unknown): string | undefined {
  if (typeof usage !== 'object' || usage === null || Array.isArray(usage))
    return 'it is not an object such as { usd: 0.02, tokens: 1200 }';
  const unknown = Object.keys(usage).find((key) => key !== 'usd' && key !== 'tokens');
  if (unknown !== undefined) return `\`${unknown}\` is neither \`usd\` nor \`tokens\``;
  return amountProblem(usage, 'usd') ?? amountProblem(usage, 'tokens');
}

function amountProblem(usage: object, key: 'usd' | 'tokens'): string | undefined {
  const amount: unknown = Reflect.get(usage, key);
  if (amount === undefined) return undefined;
  const shown = typeof amount === 'number' ? String(amount) : `a ${amount === null ? 'null' : typeof amount}`;
  if (typeof amount !== 'number' || !(amount >= 0)) return `\`${key}\` is ${shown}, and not a number from 0 on`;
  if (amount > MOST) return `\`${key}\` is ${shown}, and ${MOST} is the most`;
  return key === 'tokens' && !Number.isInteger(amount) ? `\`tokens\` is ${shown}, and not a whole number` : undefined;
}

/** What one attempt has used, added up. */
export interface UsageMeter {
  /** Of whatever an agent gives: what is no usage is not counted, and said. Never throws. */
  add(used: unknown): void;
  /** Undefined: nothing was ever said. */
  total(): Usage | undefined;
}

/** `onProblem` hears, in one sentence, of what was not counted; `onChange` of each new total. */
export function createUsageMeter(onProblem: (message: string) => void, onChange?: (total: Usage) => void): UsageMeter {
  let micros: number | undefined;
  let tokens: number | undefined;
  const total = (): Usage | undefined => {
    if (micros === undefined && tokens === undefined) return undefined;
    return { ...(micros !== undefined && { usd: micros / MICROS }), ...(tokens !== undefined && { tokens }) };
  };
  return {
    add(used) {
      const problem = usageProblem(used);
      if (problem !== undefined) return onProblem(`Usage was not counted: ${problem}.`);
      const { usd, tokens: more } = used as Usage;
      if (usd !== undefined) micros = (micros ?? 0) + Math.round(usd * MICROS);
      if (more !== undefined) tokens = (tokens ?? 0) + more;
      const now = total();
      if (now) onChange?.(now);
    },
    total,
  };
}
