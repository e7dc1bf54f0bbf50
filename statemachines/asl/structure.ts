import { InvariantError } from '../../core/errors/index.ts';
import type { Branch, Machine, State } from './asl.ts';
import { LONGEST_NAME } from './name-table.ts';

/**
 * What Step Functions would refuse: a name used twice or too long, a way out of the branch, a state that nothing leads to, a state
 * that leads nowhere. One sentence for each; none for a sound machine.
 */
export function structuralFaults(machine: Machine): string[] {
  const names = new Set<string>();
  return faultsOfBranch(machine, names);
}

/** The press checks its own work: a fault here is a bug of `lower`. */
export function assertSound(machine: Machine): Machine {
  const faults = structuralFaults(machine);
  const [first] = faults;
  if (first === undefined) return machine;
  throw new InvariantError({
    code: 'machine_not_sound',
    message: `The compiled machine has ${faults.length} faults, the first: ${first}`,
    details: { faults },
  });
}

function faultsOfBranch({ StartAt, States }: Branch, names: Set<string>): string[] {
  const faults: string[] = [];
  const reached = new Set([StartAt]);
  for (const name of reached) {
    const state = States[name];
    if (!state) faults.push(`${name} is not a state of its branch`);
    else for (const target of targetsOf(state)) reached.add(target);
  }
  for (const [name, state] of Object.entries(States)) {
    if (names.has(name)) faults.push(`${name} is the name of two states`);
    if (name === '' || name.length > LONGEST_NAME) faults.push(`${name} has ${name.length} characters`);
    if (!reached.has(name)) faults.push(`nothing leads to ${name}`);
    if (!isTerminal(state) && targetsOf(state).length === 0) faults.push(`${name} leads nowhere`);
    names.add(name);
    if (state.Type !== 'Parallel') continue;
    if (state.Branches.length === 0) faults.push(`${name} has no branches`);
    faults.push(...state.Branches.flatMap((branch) => faultsOfBranch(branch, names)));
  }
  return faults;
}

/** Whether a branch can end with the state. */
export function isTerminal(state: State): boolean {
  if (state.Type === 'Succeed' || state.Type === 'Fail') return true;
  return state.Type !== 'Choice' && state.End === true;
}

/** Where a state can lead, failures among it. */
export function targetsOf(state: State): string[] {
  switch (state.Type) {
    case 'Choice':
      return [...state.Choices.map(({ Next }) => Next), ...(state.Default === undefined ? [] : [state.Default])];
    case 'Task':
    case 'Parallel':
      return [...nextOf(state), ...(state.Catch ?? []).map(({ Next }) => Next)];
    case 'Pass':
      return nextOf(state);
    case 'Succeed':
    case 'Fail':
      return [];
  }
}

const nextOf = ({ Next }: { readonly Next?: string }): string[] => (Next === undefined ? [] : [Next]);
