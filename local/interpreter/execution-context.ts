import type { JsonObject } from '../../core/json/index.ts';
import type { MachineStart } from './running-machine.ts';

/** Where machines say they run: in their ARNs, and in `$states.context`. */
export interface Home {
  readonly region: string;
  readonly account: string;
  readonly roleArn: string;
}

export const nowhere: Home = {
  region: 'local',
  account: '000000000000',
  roleArn: 'arn:aws:iam::000000000000:role/local',
};

type Named = Pick<MachineStart, 'machineName' | 'name'>;

const arnIn = ({ region, account }: Home, what: string): string => `arn:aws:states:${region}:${account}:${what}`;

export function executionArn({ machineName, name }: Named, home: Home = nowhere): string {
  return arnIn(home, `execution:${machineName}:${name}`);
}

/** The part of `$states.context` that stays the same in all states of a running machine. */
export function executionContext(start: MachineStart, startedAt: number, home: Home = nowhere): JsonObject {
  const { machineName, name, input } = start;
  return {
    Execution: {
      Id: executionArn(start, home),
      Input: input,
      Name: name,
      RoleArn: home.roleArn,
      StartTime: new Date(startedAt).toISOString(),
      // Nothing is redriven here.
      RedriveCount: 0,
    },
    StateMachine: { Id: arnIn(home, `stateMachine:${machineName}`), Name: machineName },
  };
}
