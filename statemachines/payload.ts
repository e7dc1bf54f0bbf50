import { bytesOf } from './bytes.ts';
import type { Branch, Machine, State } from './asl/asl.ts';

/** The most that is sent to or comes back from one state. */
export interface Payload {
  readonly bytes: number;
  readonly state: string;
}

/** Characters that a task token has at the most. */
const TOKEN = 2_048;
/** Characters that an execution's name has at the most. */
const EXECUTION_NAME = 80;
/** What a branch of a Parallel ends with at the most, and a comma. */
const BRANCH_OUTPUT = '{"status":"succeeded"},'.length;

/**
 * The largest arguments of a call, or results of a Parallel: nothing in them grows with an execution's data. Left out is the input that
 * somebody starts a machine with, which `begin` hands on once: whoever accepts it has a limit of its own.
 */
export function largestPayload(machine: Machine): Payload {
  return largestIn(machine, { bytes: 0, state: '' });
}

function largestIn({ States }: Branch, least: Payload): Payload {
  return Object.entries(States).reduce((largest, [name, state]) => {
    const bytes = payloadOf(state);
    const better = bytes > largest.bytes ? { bytes, state: name } : largest;
    return state.Type === 'Parallel'
      ? state.Branches.reduce((inner, branch) => largestIn(branch, inner), better)
      : better;
  }, least);
}

/** An expression is longer than the numbers and shorter than the names that it stands for. */
function payloadOf(state: State): number {
  if (state.Type === 'Parallel') return state.Branches.length * BRANCH_OUTPUT;
  if (state.Type !== 'Task') return 0;
  const hasToken = state.Resource.endsWith('.waitForTaskToken');
  return bytesOf(JSON.stringify(state.Arguments ?? {})) + EXECUTION_NAME + (hasToken ? TOKEN : 0);
}
