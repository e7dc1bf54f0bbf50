import { Duration, Tags } from 'aws-cdk-lib';
import { Function, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { tenantTag } from '../names.ts';
import { AgentRegistration, type AgentProps } from './agent-registration.ts';
import { lookUp } from './stage-facts.ts';

export interface LambdaAgentProps extends AgentProps {
  /**
   * What does the work; `toLambda` of the SDK makes its handler. One that is only imported must carry the tag `skein:tenant`
   * and may send to the answer queue already: CDK can give it neither.
   */
  readonly function: IFunction;
  /**
   * How long a call may wait for Lambda to have room, 60 s to 6 h; default: 15 minutes. Not longer than the attempts of its
   * tasks: a call that comes later works for nobody.
   */
  readonly maxEventAge?: Duration;
}

/**
 * A Lambda function as an agent: called asynchronously, never repeated by Lambda (the engine retries), its answers on the way to
 * the engine, reachable for its tenant's sessions only.
 *
 *     new LambdaAgent(this, 'Words', { type: 'word_counter', function: words });
 */
export class LambdaAgent extends AgentRegistration {
  constructor(scope: Construct, id: string, props: LambdaAgentProps) {
    const { function: fn, maxEventAge = Duration.minutes(15) } = props;
    super(scope, id, props, { runtime: 'lambda', function: fn.functionArn });
    const { stage, tenant } = this.home;
    const answers = new SqsDestination(Queue.fromQueueArn(this, 'Answers', lookUp(this, stage, 'answer-queue-arn')));
    fn.configureAsyncInvoke({ retryAttempts: 0, maxEventAge, onSuccess: answers, onFailure: answers });
    Tags.of(fn).add(tenantTag, tenant);
    // For heartbeats, and for answers that are too large for a queue.
    if (fn instanceof Function) fn.addEnvironment('SKEIN_API_URL', lookUp(this, stage, 'api-url'));
    // Registered once it can be called: a task may come as soon as it is.
    this.node.findChild('Registration').node.addDependency(fn);
  }
}
