import { notExecuted } from '../core/validation/index.ts';

export interface OrchestrationPattern {
  readonly name: string;
  readonly description: string;
}

const descriptions: Readonly<Record<string, string>> = {
  graph: 'The tasks as drawn: each starts when those that it depends on have settled.',
};

/** What this version executes. Validation holds the one list of what it does not, so nothing is promised here that a publish refuses. */
export const orchestrationPatterns: readonly OrchestrationPattern[] = notExecuted.flatMap(({ way, unless }) =>
  way === 'orchestration_pattern' && unless !== undefined
    ? [{ name: unless, description: descriptions[unless] ?? '' }]
    : [],
);
