import { Duration } from 'aws-cdk-lib';

export interface FunctionFacts {
  /** For people who find it in the console. */
  readonly description: string;
  /** Below what its caller waits: API Gateway 29 s, a queue a sixth of its visibility, CloudFormation an hour. */
  readonly timeout: Duration;
  /** MiB. CPU comes with it: 1,769 MiB are one core. */
  readonly memory: number;
}

const facts = (timeout: Duration, memory: number, description: string): FunctionFacts => ({
  timeout,
  memory,
  description,
});

/** The functions of the engine by their folders in `functions/`. call-model is no part of it: it is an agent. */
export const functionTable = {
  api: facts(Duration.seconds(28), 1024, 'Answers the REST API.'),
  begin: facts(Duration.seconds(30), 512, 'Called by a machine as it starts: opens the execution.'),
  'dispatch-task': facts(
    Duration.minutes(1),
    512,
    'Called by a machine for each task: runs it, parks it or settles it.',
  ),
  conclude: facts(Duration.minutes(1), 512, 'Called by a machine at its end: says how the execution ended.'),
  'settle-task': facts(Duration.minutes(1), 512, 'Takes the answers of Lambda agents from their queue.'),
  'fire-timer': facts(Duration.minutes(1), 512, 'Takes timers that are due from their queue.'),
  'project-view': facts(Duration.minutes(1), 512, 'Follows the table: views, events on the bus.'),
  sweep: facts(Duration.minutes(5), 512, 'Looks for what a crash or a lost event has left behind.'),
  // Longer than the compiler, for which it waits.
  'apply-resource': facts(Duration.minutes(7), 512, 'Registers agents and publishes workflows for stacks of others.'),
  'compile-workflow': facts(
    Duration.minutes(5),
    1769,
    'Makes the machines of published workflows, one after the other.',
  ),
} as const satisfies Readonly<Record<string, FunctionFacts>>;

export type FunctionName = keyof typeof functionTable;
