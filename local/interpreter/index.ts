// Runs compiled machines in this process, as AWS Step Functions would.
// Takes: a linked machine, and the world as options (clock, timers, functions to invoke, tokens, chance).
// Gives: the running machine, its result and its history in Step Functions' own terms; answers for task tokens.
// Never: reads a clock, sets a timer or decides anything about tasks; keeps anything of a machine that has ended.
export { createInterpreter } from './interpreter.ts';
export { expressionFault } from './expressions.ts';
export type { Interpreter } from './interpreter.ts';
export type { MachineResult, MachineStart, NamedMachine, RunningMachine } from './running-machine.ts';
export type { HistoryEvent, HistoryEventType } from './history.ts';
export type { Cancel, InterpreterOptions } from './interpreter-options.ts';
export type { TaskAnswers, TaskRequest } from './task-answers.ts';
export type { Machine } from './machine.ts';
export type { TokenAnswer } from './task-tokens.ts';
