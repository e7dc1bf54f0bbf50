import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function, LoggingFormat, Runtime, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { AgentProps } from './agent-registration.ts';
import { bundledHandler, functionCode } from './function-code.ts';
import { LambdaAgent } from './lambda-agent.ts';

export interface ModelAgentProps extends Omit<AgentProps, 'input' | 'output'> {
  /** Id of a foundation model of Amazon Bedrock that the account has access to, or of an inference profile. */
  readonly model: string;
  /** ARNs that asking it takes; default: the foundation model in the stack's region. A profile takes its own and those of its models. */
  readonly modelArns?: readonly string[];
  /** The system prompt of tasks that give none. */
  readonly system?: string;
  /** Of an answer whose task says nothing; default: 1024. */
  readonly maxTokens?: number;
  /** Of one answer; default: 5 minutes, 15 at the most. */
  readonly timeout?: Duration;
}

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };

/** What a task gives to a model, and what it gets: the schemas of functions/call-model, for who compiles a workflow. */
export const modelSchemas = {
  input: {
    type: 'object',
    required: ['prompt'],
    properties: {
      prompt: { type: 'string', minLength: 1 },
      system: text,
      max_tokens: { type: 'integer', minimum: 1 },
      temperature: { type: 'number', minimum: 0, maximum: 1 },
    },
  },
  output: {
    type: 'object',
    required: ['text', 'stop_reason', 'usage'],
    properties: {
      text,
      stop_reason: text,
      usage: {
        type: 'object',
        required: ['input_tokens', 'output_tokens'],
        properties: { input_tokens: count, output_tokens: count },
      },
    },
  },
};

/**
 * A model of Amazon Bedrock as an agent: one question for each attempt.
 *
 *     new ModelAgent(this, 'Writer', { type: 'writer', model: 'amazon.nova-lite-v1:0' });
 */
export class ModelAgent extends LambdaAgent {
  constructor(scope: Construct, id: string, props: ModelAgentProps) {
    super(scope, id, { ...props, ...modelSchemas, function: modelFunction(scope, `${id}Function`, props) });
  }
}

function modelFunction(scope: Construct, id: string, props: ModelAgentProps): IFunction {
  const { model, system, maxTokens, timeout = Duration.minutes(5), modelArns } = props;
  const fn = new Function(scope, id, {
    code: functionCode('call-model'),
    handler: bundledHandler,
    description: `Skein: asks ${model}.`,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    // It waits for somebody else nearly all the time.
    memorySize: 256,
    timeout,
    loggingFormat: LoggingFormat.JSON,
    environment: {
      SKEIN_MODEL: model,
      ...(system !== undefined && { SKEIN_MODEL_SYSTEM: system }),
      ...(maxTokens !== undefined && { SKEIN_MODEL_MAX_TOKENS: String(maxTokens) }),
    },
  });
  const ofRegion = (): string =>
    Stack.of(scope).formatArn({ service: 'bedrock', account: '', resource: 'foundation-model', resourceName: model });
  fn.addToRolePolicy(
    new PolicyStatement({ actions: ['bedrock:InvokeModel'], resources: [...(modelArns ?? [ofRegion()])] }),
  );
  return fn;
}
