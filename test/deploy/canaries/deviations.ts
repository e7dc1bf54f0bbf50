import { setTimeout as delay } from 'node:timers/promises';
import { SendTaskFailureCommand, SendTaskSuccessCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { CanaryWorld } from './canary-world.ts';

/** Where LocalStack is not as AWS, and what is done about it. */
export interface Deviation {
  readonly name: string;
  readonly soWe: string;
  /** True: looked for in a LocalStack without our patches. */
  readonly isPatched?: boolean;
  /** What the canary sees as long as it is so, and what it would see on AWS. */
  readonly here: unknown;
  readonly onAws: unknown;
  readonly canary: (world: CanaryWorld) => Promise<unknown>;
}

/** States whose definition takes LocalStack seconds to read. */
const LONG_TO_READ = Object.fromEntries(
  Array.from({ length: 2_000 }, (_, at) => [
    `s${at}`,
    { Type: 'Pass', ...(at < 1_999 ? { Next: `s${at + 1}` } : { End: true }) },
  ]),
);

/** It takes LocalStack's JVM seconds, and little memory. */
const SLOW_EXPRESSION = '{% $sum([1..40000].$sum([1..1000])) %}';

/** At most ten, so that the emulator stays something to be believed. */
export const deviations: readonly Deviation[] = [
  {
    name: 'a Retry of a state that waits for its token uses the same token again, with the answer that it had got',
    soWe: 'patch LocalStack',
    isPatched: true,
    here: 'one token',
    onAws: 'two tokens',
    async canary(world) {
      const queue = await world.createQueue();
      const Retry = [{ ErrorEquals: ['Again'], IntervalSeconds: 1, MaxAttempts: 1 }];
      await world.start({ wait: world.tokenState(queue, { Retry }) });
      const first = await world.receive(queue);
      await world.stepFunctions.send(new SendTaskFailureCommand({ taskToken: first, error: 'Again' }));
      const second = await world.receive(queue);
      return second === first ? 'one token' : 'two tokens';
    },
  },
  {
    name: 'StopExecution leaves an execution running whose state waits for its token',
    soWe: 'patch LocalStack',
    isPatched: true,
    here: 'RUNNING',
    onAws: 'ABORTED',
    async canary(world) {
      const queue = await world.createQueue();
      const executionArn = await world.start({ wait: world.tokenState(queue, {}) });
      await world.receive(queue);
      await world.stepFunctions.send(new StopExecutionCommand({ executionArn }));
      return (await world.end(executionArn, 3)).status;
    },
  },
  {
    name: 'a reserved error in a branch (States.Timeout, States.TaskFailed) is caught by no Catch of its Parallel',
    soWe: 'patch LocalStack',
    isPatched: true,
    here: 'FAILED',
    onAws: 'SUCCEEDED',
    async canary(world) {
      const wait = world.tokenState(await world.createQueue(), { TimeoutSeconds: 1 });
      const Branches = [{ StartAt: 'wait', States: { wait } }];
      const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'caught' }];
      const execution = await world.start({
        both: { Type: 'Parallel', Branches, Catch, End: true },
        caught: { Type: 'Succeed' },
      });
      return (await world.end(execution)).status;
    },
  },
  {
    name: 'no token can be answered as long as an execution that was started before reads its definition',
    soWe: 'patch LocalStack',
    isPatched: true,
    here: 'InternalError',
    onAws: 'accepted',
    async canary(world) {
      const queue = await world.createQueue();
      const wait = world.tokenState(queue, {});
      // The first expression starts a JVM: the second one comes while the others read still.
      await world.start({ wait });
      await world.receive(queue);
      await world.start(LONG_TO_READ, 4);
      await world.start({ wait });
      return await answer(world, await world.receive(queue));
    },
  },
  {
    name: 'what is stopped while it evaluates its arguments makes the call, with those that it has so far',
    soWe: 'patch LocalStack',
    isPatched: true,
    here: 'a message',
    onAws: 'nothing',
    async canary(world) {
      const queue = await world.createQueue();
      // The first expression starts a JVM.
      await world.start({ wait: world.tokenState(queue, {}) });
      await world.receive(queue);
      const MessageBody = { slow: SLOW_EXPRESSION, late: 'said' };
      const executionArn = await world.start({
        wait: world.tokenState(queue, { Arguments: { QueueUrl: queue, MessageBody } }),
      });
      await delay(500);
      await world.stepFunctions.send(new StopExecutionCommand({ executionArn }));
      return (await world.receive(queue, 15)) === undefined ? 'nothing' : 'a message';
    },
  },
  {
    name: 'an execution that was stopped has forgotten the cause',
    soWe: 'do not compare the causes of stopped executions',
    here: 'ABORTED',
    onAws: 'ABORTED because',
    async canary(world) {
      const executionArn = await world.start({ wait: world.tokenState(await world.createQueue(), {}) });
      await world.stepFunctions.send(new StopExecutionCommand({ executionArn, cause: 'because' }));
      const { status, cause = '' } = await world.end(executionArn);
      return `${status ?? ''} ${cause}`.trim();
    },
  },
  {
    name: 'a token that was answered can be answered again',
    soWe: 'rely on no refusal: the ledger knows which answer was first',
    here: 'accepted',
    onAws: 'TaskTimedOut',
    async canary(world) {
      const queue = await world.createQueue();
      // It goes on for a while: once the execution has ended, LocalStack knows none of its tokens any more.
      await world.start({
        wait: world.tokenState(queue, { End: undefined, Next: 'rest' }),
        rest: { Type: 'Wait', Seconds: 20, End: true },
      });
      const taskToken = await world.receive(queue);
      await answer(world, taskToken);
      return await answer(world, taskToken);
    },
  },
  {
    name: 'a role is not looked at: a machine runs under one that does not exist',
    soWe: 'hold the policies to their promises by simulating what was synthesized (test/lib)',
    here: 'runs',
    onAws: 'may not',
    async canary(world) {
      const queue = await world.createQueue();
      await world.start({ wait: world.tokenState(queue, {}) });
      return (await world.receive(queue)) === undefined ? 'may not' : 'runs';
    },
  },
  {
    name: 'dashboards and archives of a bus are left out of a stack, with a line in the log',
    soWe: 'deploy without them (`-c emulator=true`); their templates are tested without an emulator',
    here: 'unknown',
    onAws: 'canary',
    async canary(world) {
      const Properties = { DashboardName: 'canary', DashboardBody: '{"widgets":[]}' };
      return await world.deploy({ Type: 'AWS::CloudWatch::Dashboard', Properties });
    },
  },
  {
    name: 'EventBridge Scheduler sends nothing',
    soWe: 'wait for no schedule: what it would do is asked for by its function',
    here: 'nothing',
    onAws: 'a message',
    async canary(world) {
      const queue = await world.createQueue();
      await world.schedule(queue);
      return (await world.receive(queue, 6)) === undefined ? 'nothing' : 'a message';
    },
  },
];

/** Answers a token; `accepted`, or the name of the error. */
function answer(world: CanaryWorld, taskToken: string | undefined): Promise<unknown> {
  return world.stepFunctions.send(new SendTaskSuccessCommand({ taskToken, output: '{}' })).then(
    () => 'accepted',
    (error: unknown) => (error instanceof Error ? error.name : error),
  );
}
