import { Construct } from 'constructs';
import { machineArns, machinePrefix } from '../names.ts';
import type { EngineParts } from './engine-rights.ts';
import { MachineRole, nameCalledFunctions } from './machine-role.ts';
import { SkeinFunction } from './skein-function.ts';
import type { WorkQueue } from './work-queue.ts';

export interface CompilerProps extends Pick<EngineParts, 'stage' | 'ledger' | 'artifacts'> {
  /** Published workflows whose machines are to be made. */
  readonly machines: WorkQueue;
}

/** Makes Step Functions machines: the only function that may, and the only one that may pass a role. */
export class Compiler extends Construct {
  readonly handler: SkeinFunction;
  readonly machineRole: MachineRole;

  constructor(scope: Construct, id: string, { stage, ledger, artifacts, machines }: CompilerProps) {
    super(scope, id);
    this.machineRole = new MachineRole(this, 'MachineRole', { stage });
    this.handler = new SkeinFunction(this, 'Handler', { stage, name: 'compile-workflow' });
    ledger.letUse(this.handler);
    artifacts.letUse(this.handler);
    nameCalledFunctions(this.handler, stage.name);
    this.machineRole.letPass(this.handler);
    this.letMakeMachines(machinePrefix(stage.name), machineArns(this, stage.name).machines);
    machines.letSend(this.handler, 'SKEIN_MACHINE_QUEUE_URL');
    // One at a time: a version with parts has several machines, and each is one CreateStateMachine.
    machines.feed(this.handler, 1);
  }

  private letMakeMachines(prefix: string, arn: string): void {
    const actions = ['CreateStateMachine', 'DescribeStateMachine', 'UpdateStateMachine', 'TagResource'];
    this.handler.addEnvironment('SKEIN_MACHINE_PREFIX', prefix);
    this.handler.allow(
      actions.map((action) => `states:${action}`),
      [arn],
      'Machines are made at run time; their names begin with that of the stage.',
    );
  }
}
