import { InvariantError } from '../core/errors/index.ts';
import type { Branch, Machine, State } from './asl/asl.ts';

/** How the tasks of an execution end: all well, or all badly, each failure caught. */
export type Outcome = 'succeeding' | 'failing';

/** The start and the end of the execution itself. */
const AROUND = 2;

/**
 * The events that a Standard execution leaves in its history, retried calls not counted: they depend on the weather, three events
 * each. Machines have no loops yet, so the walk ends.
 */
export function historyEvents(machine: Machine, outcome: Outcome): number {
  return AROUND + eventsOfBranch(machine, outcome);
}

/** Of one state, with all that is inside it. */
export function eventsOfState(state: State, outcome: Outcome): number {
  switch (state.Type) {
    case 'Task':
      return state.Resource.endsWith('.waitForTaskToken') ? 6 : 5;
    case 'Parallel':
      return state.Branches.reduce((sum, branch) => sum + eventsOfBranch(branch, outcome), 4);
    case 'Choice':
    case 'Pass':
    case 'Succeed':
      return 2;
    case 'Fail':
      return 1;
  }
}

function eventsOfBranch({ StartAt, States }: Branch, outcome: Outcome): number {
  let events = 0;
  const seen = new Set<string>();
  for (let name: string | undefined = StartAt; name !== undefined;) {
    const state: State | undefined = States[name];
    if (!state) throw new InvariantError({ code: 'dangling_state', message: `The machine has no state ${name}.` });
    events += eventsOfState(state, outcome);
    seen.add(name);
    const next = followerOf(state, outcome);
    name = next !== undefined && seen.has(next) && state.Type === 'Choice' ? state.Default : next;
  }
  return events;
}

function followerOf(state: State, outcome: Outcome): string | undefined {
  switch (state.Type) {
    case 'Task':
      return (outcome === 'failing' ? state.Catch?.[0]?.Next : undefined) ?? state.Next;
    case 'Choice':
      return outcome === 'failing' ? state.Default : state.Choices[0]?.Next;
    case 'Parallel':
    case 'Pass':
      return state.Next;
    case 'Succeed':
    case 'Fail':
      return undefined;
  }
}
