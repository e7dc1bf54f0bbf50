import type { Branch, State } from './asl/asl.ts';
import { partOfPlaceholder, placeholders } from './lower/calls.ts';
import { FUNCTION_ARN, MACHINE_ARN } from './quotas.ts';

/** Of a text as UTF-8. */
export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** How much longer the ARNs of a deployment are than the placeholders that stand for them; 0 where all is linked. */
export function bytesOfLinking({ States }: Branch): number {
  return Object.values(States).reduce((sum, state) => {
    if (state.Type !== 'Parallel') return sum + linkingOf(state);
    return state.Branches.reduce((inner, branch) => inner + bytesOfLinking(branch), sum);
  }, 0);
}

const functions: readonly unknown[] = [placeholders.begin, placeholders.dispatch, placeholders.conclude];

function linkingOf(state: State): number {
  const { FunctionName, StateMachineArn } = (state.Type === 'Task' ? state.Arguments : undefined) ?? {};
  if (typeof FunctionName === 'string' && functions.includes(FunctionName)) return FUNCTION_ARN - FunctionName.length;
  const isPart = typeof StateMachineArn === 'string' && partOfPlaceholder(StateMachineArn) !== undefined;
  return isPart ? MACHINE_ARN - StateMachineArn.length : 0;
}
