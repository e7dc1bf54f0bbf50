import type { Integration, Pattern } from './integration.ts';
import { invokeFunction } from './invoke-function.ts';
import { startExecution } from './start-execution.ts';

/** What a task's Resource says: `arn:aws:states:::lambda:invoke.waitForTaskToken`. */
export interface Resource {
  readonly integration: Integration;
  readonly pattern: Pattern;
  /** The parts as events name them: `lambda` and `invoke.waitForTaskToken`. */
  readonly resourceType: string;
  readonly resource: string;
}

const integrations: { readonly [action: string]: Integration } = {
  'lambda:invoke': invokeFunction,
  'states:startExecution': startExecution,
};

const patterns: { readonly [suffix: string]: Pattern } = {
  '': 'response',
  '.waitForTaskToken': 'token',
  '.sync': 'sync',
  '.sync:2': 'sync:2',
};

const integrationArn = /^arn:aws:states:::(\w+):(\w+)(.*)$/;

/** Undefined for what is not served here. */
export function findResource(arn: string): Resource | undefined {
  const [, service = '', action = '', suffix = ''] = integrationArn.exec(arn) ?? [];
  const integration = integrations[`${service}:${action}`];
  const pattern = patterns[suffix];
  return integration && pattern && { integration, pattern, resourceType: service, resource: action + suffix };
}
