import { InvokeCommand, PutFunctionEventInvokeConfigCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { createFunction } from '../emulator/create-function.ts';

/** Seconds that an answer may take. */
const TIMEOUT = 10;

/** Makes a function an agent, as the construct LambdaAgent does; answers its ARN. `source`: an ES module that exports `handler`. */
export async function createLambdaAgent(
  lambda: LambdaClient,
  { name, source, answers }: { readonly name: string; readonly source: string; readonly answers: string },
): Promise<string> {
  const functionArn = await createFunction(lambda, { name, source, timeout: TIMEOUT });
  const destination = { Destination: answers };
  await lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: name,
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnSuccess: destination, OnFailure: destination },
    }),
  );
  return functionArn;
}

export interface ImpatientSweep {
  readonly stage: string;
  readonly tenant: string;
  /** Milliseconds: what is due for longer was lost. */
  readonly grace: number;
}

/** Asks for a sweep of one tenant; answers how much it has found. */
export async function sweepNow(lambda: LambdaClient, { stage, tenant, grace }: ImpatientSweep): Promise<number> {
  const Payload = JSON.stringify({ tenant, patience: { grace, every: grace } });
  const answer = await lambda.send(new InvokeCommand({ FunctionName: `skein-${stage}-sweep`, Payload }));
  const text = answer.Payload?.transformToString() ?? '';
  if (answer.FunctionError !== undefined) throw new Error(`the sweep failed: ${text}`);
  return (JSON.parse(text) as { found: number }).found;
}
