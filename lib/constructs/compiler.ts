import { Construct } from 'constructs';
import { machineArns } from '../names.ts';
import type { EngineParts } from './engine-rights.ts';
import { letLink } from './machine-links.ts';
import { MachineRole } from './machine-role.ts';
import { SkeinFunction } from './skein-function.ts';
import type { WorkQueue } from './work-queue.ts';

export interface CompilerProps extends Pick<EngineParts, 'stage' | 'ledger' | 'artifacts'> {
  /** Published workflows whose machines are to be made. */
  readonly machines: WorkQueue;
}

/** To make them, and to start the executions that have waited for them. */
const machineActions = [
  'states:CreateStateMachine',
  'states:DescribeStateMachine',
  'states:StartExecution',
  'states:TagResource',
];

/** Makes Step Functions machines: the only function that may, and the only one that may pass a role. */
export class Compiler extends Construct {
  readonly handler: SkeinFunction;

  constructor(scope: Construct, id: string, { stage, ledger, artifacts, machines }: CompilerProps) {
    super(scope, id);
    this.handler = new SkeinFunction(this, 'Handler', { stage, name: 'compile-workflow' });
    ledger.letUse(this.handler);
    artifacts.letUse(this.handler);
    letLink(this.handler, stage.name);
    new MachineRole(this, 'MachineRole', { stage }).letPass(this.handler);
    this.handler.allow(
      machineActions,
      [machineArns(this, stage.name).machines],
      'Machines are made at run time; their names begin with that of the stage.',
    );
    // One at a time of a tenant: a version with parts has several machines, and each is one CreateStateMachine. Two is the least that SQS
    // allows; so a tenant that publishes many versions leaves the other half to others.
    machines.feed(this.handler, 1, 2);
  }
}
