// Holds a recorded history against the engine's promises.
// Takes: events, and whatever else was recorded. Gives: Violations. Never: mends one.
export type { History, LedgerRecords } from './history.ts';
export { verifyTurns, type TurnHistory } from './turns.ts';
export { verifyHistory } from './verify-history.ts';
export type { AnomalyName, Violation } from './violation.ts';
