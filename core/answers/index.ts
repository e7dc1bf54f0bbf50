// What agents return and throw, as the engine records it: the same in workers, Lambdas and servers.
// Takes: a value. Gives: JSON text, a TaskError. Never: imports more than types, for it is loaded wherever an agent starts.
export { answerText, InvalidOutput } from './answer-text.ts';
export { taskErrorOf } from './task-error-of.ts';
export { createUsageMeter, usageProblem, type UsageMeter } from './usage-meter.ts';
