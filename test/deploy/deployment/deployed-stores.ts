import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  createDynamoDefinitionStore,
  createDynamoLedgerStore,
  createDynamoViewStore,
  createS3BlobStore,
  createS3Objects,
} from '../../../adapters/aws/index.ts';
import { createReader, type Reader } from '../../../local/index.ts';
import { clientConfig } from '../emulator/aws-clients.ts';

export interface DeployedPlace {
  readonly endpoint: string;
  readonly stage: string;
  readonly tenant: string;
}

/** Looks into the table and the bucket of a stage, behind the back of its API. */
export async function openDeployedReader(lambda: LambdaClient, place: DeployedPlace): Promise<Reader> {
  return createReader(await openDeployedStores(lambda, place), () => true);
}

/** The table and the bucket of a stage. */
export async function openDeployedStores(lambda: LambdaClient, { endpoint, stage, tenant }: DeployedPlace) {
  const FunctionName = `skein-${stage}-dispatch-task`;
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const { SKEIN_TABLE: table = '', SKEIN_BUCKET: bucket = '' } = Environment?.Variables ?? {};
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(endpoint)), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const items = { client, table, tenant };
  const objects = { client: new S3Client(clientConfig(endpoint)), bucket, tenant };
  const blobs = createS3BlobStore(objects);
  return {
    ledger: createDynamoLedgerStore(items),
    blobs,
    definitions: createDynamoDefinitionStore({ ...items, blobs }),
    views: createDynamoViewStore({ ...items, objects: createS3Objects(objects) }),
  };
}
