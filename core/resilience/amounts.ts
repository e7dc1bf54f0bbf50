/** What calls use of money and models, in millionths of a US dollar and in tokens: whole numbers, so that no sum is ever rounded. */
export type Amounts = { readonly microUsd: number; readonly tokens: number };

export const noAmounts: Amounts = { microUsd: 0, tokens: 0 };

const MICROS = 1_000_000;

/** Dollars, as authors and agents write them. */
export function microsOf(usd: number): number {
  return Math.round(usd * MICROS);
}

export function usdOfMicros(micros: number): number {
  return micros / MICROS;
}

/** In dollars and tokens, as agents and catalogues say it; what is absent stays so. */
export function amountsOf({
  usd,
  tokens,
}: {
  readonly usd?: number | undefined;
  readonly tokens?: number | undefined;
}): Partial<Amounts> {
  return { ...(usd !== undefined && { microUsd: microsOf(usd) }), ...(tokens !== undefined && { tokens }) };
}

export function plus(a: Amounts, b: Amounts): Amounts {
  return { microUsd: a.microUsd + b.microUsd, tokens: a.tokens + b.tokens };
}

export function minus(a: Amounts, b: Amounts): Amounts {
  return { microUsd: a.microUsd - b.microUsd, tokens: a.tokens - b.tokens };
}
