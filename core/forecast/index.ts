// What an execution will need, before it runs.
// Takes: a Plan, what is known of durations, a machine's transitions. Gives: time, agents, resources, money. Never: a run, a price
// that is not in the table.
export type { Advice } from './advice.ts';
export { estimate, type Estimate, type EstimateInput } from './estimate.ts';
export type { Case } from './calls.ts';
export type { Cost, CostLine, Span } from './cost.ts';
export type { Declared, DeclaredPart } from './declared.ts';
export { LONGEST_EXECUTION, type DurationBound } from './duration-bound.ts';
export { isTimed, knownDurations, unitDurations, type Durations } from './durations.ts';
export type { Makespan } from './makespan.ts';
export { prices, type Price, type PriceName } from './prices.ts';
export type { Amount, EstimatedResources, PeakAmount } from './resources.ts';
export type { Schedule, Step } from './schedule.ts';
