import { CreateFunctionCommand, waitUntilFunctionActiveV2, type LambdaClient } from '@aws-sdk/client-lambda';
import { zipOf } from './zip.ts';

const ROLE = 'arn:aws:iam::000000000000:role/skein-test';
/** Seconds, on a machine that does much else. */
const PATIENCE = 60;

export interface FunctionSource {
  readonly name: string;
  /** An ES module that exports `handler`. */
  readonly source: string;
  /** Seconds that an invocation may take. */
  readonly timeout: number;
}

/** Creates a Node function, and waits until it can be called; answers its ARN. */
export async function createFunction(
  client: LambdaClient,
  { name: FunctionName, source, timeout: Timeout }: FunctionSource,
): Promise<string> {
  const { FunctionArn = '' } = await client.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: ROLE,
      Timeout,
      Code: { ZipFile: zipOf('index.mjs', source) },
    }),
  );
  await waitUntilFunctionActiveV2({ client, maxWaitTime: PATIENCE, minDelay: 1 }, { FunctionName });
  return FunctionArn;
}
