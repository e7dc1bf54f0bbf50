// Plan → ASL, the press.
// Takes: a Plan. Gives: a Machine, linked or not, and its measures. Never: an ARN outside `link`, a user's text as JSONata.
export type {
  Branch,
  Catcher,
  ChoiceRule,
  ChoiceState,
  FailState,
  Machine,
  ParallelState,
  PassState,
  Retrier,
  State,
  SucceedState,
  TaskState,
} from './asl/asl.ts';
export { structuralFaults } from './asl/structure.ts';
export { link, type LinkTargets } from './link.ts';
export { lower } from './lower/lower.ts';
export { partition, type Partition, type PartMachine } from './partition/partition.ts';
export { measure, type Figure, type Measures } from './measure.ts';
export { permissionsOf, type Permission } from './permissions.ts';
export { measurePartition } from './measure-partition.ts';
