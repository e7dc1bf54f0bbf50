import type { JsonObject } from '../../core/json/index.ts';
import type { MachineStart } from './running-machine.ts';

const place = 'arn:aws:states:local:000000000000';

type Named = Pick<MachineStart, 'machineName' | 'name'>;

export function executionArn({ machineName, name }: Named): string {
  return `${place}:execution:${machineName}:${name}`;
}

/** The part of `$states.context` that stays the same in all states of a running machine. */
export function executionContext(start: MachineStart, startedAt: number): JsonObject {
  const { machineName, name, input } = start;
  return {
    Execution: { Id: executionArn(start), Name: name, Input: input, StartTime: new Date(startedAt).toISOString() },
    StateMachine: { Id: `${place}:stateMachine:${machineName}`, Name: machineName },
  };
}
