import { Stack } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ExecutionBus } from '../constructs/execution-bus.ts';
import { MachineEndings } from '../constructs/machine-endings.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import type { StageProps } from '../stages.ts';

/** What carries facts and wishes from one function to another. */
export class EventsStack extends Stack {
  readonly bus: ExecutionBus;
  readonly timers: WorkQueue;
  readonly answers: WorkQueue;
  readonly machines: WorkQueue;
  readonly endings: WorkQueue;
  /** Where what these queues could not get rid of ends, by their names. */
  readonly deadLetters: ReadonlyMap<string, IQueue>;

  constructor(scope: Construct, id: string, stage: StageProps) {
    super(scope, id, { env: stage.env, description: 'Skein: event bus and queues' });
    this.bus = new ExecutionBus(this, 'Bus', { stage });
    this.timers = new WorkQueue(this, 'Timers', { stage, name: 'timers', consumer: 'fire-timer' });
    this.answers = new WorkQueue(this, 'Answers', { stage, name: 'answers', consumer: 'settle-task' });
    // CreateStateMachine is refilled once a second for a whole account: one after the other keeps within it.
    this.machines = new WorkQueue(this, 'Machines', {
      stage,
      name: 'machines',
      consumer: 'compile-workflow',
      isPaced: true,
    });
    this.endings = new MachineEndings(this, 'Endings', { stage }).queue;
    const queues = { timers: this.timers, answers: this.answers, machines: this.machines, endings: this.endings };
    this.deadLetters = new Map(Object.entries(queues).map(([name, { deadLetters }]) => [name, deadLetters]));
  }
}
