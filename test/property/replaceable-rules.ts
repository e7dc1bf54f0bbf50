import { callsOf, fanStatus, matchesEvent, mayRetry, regionStatus, toleratedOf, verdictOf } from './rules.ts';

/** Rules that a test may replace by wrong ones, to see that they are missed. */
export const theRules = { verdictOf, mayRetry, fanStatus, regionStatus, toleratedOf, callsOf, matchesEvent };

export type ReplaceableRules = typeof theRules;
