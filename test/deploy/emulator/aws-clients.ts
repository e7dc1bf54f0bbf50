import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';

/** For clients of every service on an endpoint that is no real account. */
export function clientConfig(endpoint: string) {
  return {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'test' },
    // "sync-" before the host's name means nothing on a loopback address.
    disableHostPrefix: true,
    forcePathStyle: true,
    maxAttempts: 3,
  } as const;
}

export const createStepFunctions = (endpoint: string): SFNClient => new SFNClient(clientConfig(endpoint));
export const createLambda = (endpoint: string): LambdaClient => new LambdaClient(clientConfig(endpoint));
