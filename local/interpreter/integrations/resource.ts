import type { Json, JsonObject } from '../../../core/json/index.ts';
import type { TaskEvents } from '../history.ts';
import type { Integration, Pattern } from './integration.ts';
import { callFunction, invokeFunction } from './invoke-function.ts';
import { startExecution } from './start-execution.ts';

/** What a task's Resource says. */
export interface Resource {
  /** Undefined for what is not served here. */
  readonly integration: Integration | undefined;
  readonly pattern: Pattern;
  readonly events: TaskEvents;
  /** What each of the task's events says of the resource. */
  readonly about: JsonObject;
  /** What the Scheduled event says besides. */
  readonly scheduled: (parameters: Json) => JsonObject;
  /** What causes of errors call it. */
  readonly name: string;
}

const integrations: { readonly [action: string]: Integration } = {
  'lambda:invoke': invokeFunction,
  'states:startExecution': startExecution,
};

const patterns: { readonly [suffix: string]: Pattern } = {
  '.waitForTaskToken': 'token',
  '.sync': 'sync',
  '.sync:2': 'sync:2',
};

/** `arn:aws:states:::lambda:invoke.waitForTaskToken`, `arn:aws:states:::aws-sdk:s3:getObject`. */
const integrationArn = /^arn:aws[\w-]*:states:::((?:aws-sdk:)?\w+):(\w+)(.*)$/;
const functionArn = /^arn:aws[\w-]*:lambda:[\w-]*:\d*:function:/;
const activityArn = /^arn:aws[\w-]*:states:[\w-]*:\d*:activity:/;

export function resourceOf(arn: string): Resource {
  return compiled.get(arn) ?? readResource(arn);
}

function readResource(arn: string): Resource {
  const [, service = '', action = '', suffix = ''] = integrationArn.exec(arn) ?? [];
  if (service === '') return namedResource(arn);
  return {
    integration: integrations[`${service}:${action}`],
    pattern: patterns[suffix] ?? 'response',
    events: 'Task',
    about: { resource: action + suffix, resourceType: service },
    scheduled: (parameters) => ({ parameters }),
    name: service,
  };
}

/** A function or an activity by its own ARN, or what nobody knows. */
function namedResource(arn: string): Resource {
  return {
    integration: functionArn.test(arn) ? callFunction(arn) : undefined,
    pattern: 'response',
    events: functionArn.test(arn) ? 'LambdaFunction' : activityArn.test(arn) ? 'Activity' : 'Task',
    about: {},
    scheduled: (input) => ({ input, resource: arn }),
    name: arn,
  };
}

/** What compiled machines say, read once. */
const compiled = new Map(
  ['lambda:invoke', 'lambda:invoke.waitForTaskToken', 'states:startExecution.sync:2'].map((action) => {
    const arn = `arn:aws:states:::${action}`;
    return [arn, readResource(arn)];
  }),
);
