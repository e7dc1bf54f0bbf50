import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createLocalJWKSet, createRemoteJWKSet } from 'jose';
import {
  createDynamoAgentTypeStore,
  createDynamoApiKeyStore,
  createDynamoDefinitionStore,
  createDynamoIdempotencyStore,
  createDynamoLedgerStore,
  createDynamoMachineRegistry,
  createDynamoTenantList,
  createDynamoViewStore,
  createEventBridgeEventBus,
  createHandleSecret,
  createLambdaIds,
  createLambdaSecret,
  createMachineNames,
  createRemoteCompiler,
  createSecretNote,
  createS3BlobStore,
  createS3Objects,
  createSqsDeadLetters,
  createSqsMachineRequests,
  createSqsRedrive,
  createStackAnswers,
  createStepFunctionsMachines,
  createTenantSessions,
  lambdaClock,
  readEnvironment,
  readQueueUrls,
  type DeadLetterQueues,
  type EnvironmentOf,
  type FunctionName,
  type MachineRequests,
  type PublicBus,
  type StackAnswers,
} from '../adapters/aws/index.ts';
import { planDefaultsOf } from '../compiler/index.ts';
import manifest from '../package.json' with { type: 'json' };
import { createLambdaApi } from './api/create-lambda-api.ts';
import type { ResourceWorld } from './apply-resource/apply-resource.ts';
import { createEngineRuntime, type EngineWorld } from './engine-runtime.ts';
import { createReport, tracer } from './powertools.ts';
import type { MachinePress } from './compile-workflow/make-machines.ts';
import type { Runtime, TenantStores } from './runtime.ts';

/** What the function was told. Throws InvariantError when that is incomplete, and the function never starts. */
export function environmentOf<Name extends FunctionName>(name: Name): EnvironmentOf<Name> {
  return readEnvironment(name, process.env);
}

/** Milliseconds. A call that takes longer is lost and tried again; Lambda's own limits are far beyond. */
const PATIENCE = { connectionTimeout: 1_000, requestTimeout: 5_000 } as const;
/** First try included; with the SDK's pauses it gives up after about a second. */
const TRIES = 4;

/** Connections are kept alive by the SDK; a container that was frozen makes new ones. */
const everyClient = { maxAttempts: TRIES, requestHandler: PATIENCE } as const;

type Stores = EnvironmentOf<'compile-workflow'>;
type Engine = EnvironmentOf<'begin'>;

/** The engine's runtime, with all of AWS behind it. */
export function engineRuntime(environment: Engine, more: Pick<EngineWorld, 'sendAgain'> = {}): Runtime {
  const sts = lazily(() => tracer.captureAWSv3Client(new STSClient(everyClient)));
  const { SKEIN_API_URL: apiUrl, SKEIN_TENANT_ROLE_ARN: roleArn } = environment;
  return createEngineRuntime({
    stores: storesOf(environment),
    tenants: createDynamoTenantList({ client: tableClient(), table: environment.SKEIN_TABLE }),
    machines: machinesClient(),
    queues: queuesClient(),
    timerQueueUrl: environment.SKEIN_TIMER_QUEUE_URL,
    lambdaOf: (tenant, role) => {
      const sessions = createTenantSessions({ client: sts(), tenant });
      const credentials = role === undefined ? {} : { credentials: () => sessions.open(role) };
      return tracer.captureAWSv3Client(new LambdaClient({ ...everyClient, ...credentials }));
    },
    ...(roleArn !== undefined && { roleArn }),
    ...(apiUrl !== undefined && { apiUrl }),
    fetch: globalThis.fetch,
    handleSecret: createHandleSecret({
      client: secretsClient(),
      secretArn: environment.SKEIN_HANDLE_SECRET_ARN,
    }),
    clock: lambdaClock,
    ids: createLambdaIds(lambdaClock),
    report: createReport(),
    ...more,
  });
}

/** What the queues of the deployment have given up. */
export function deadLetterQueues({
  SKEIN_DEAD_LETTER_QUEUES: queues,
}: Pick<EnvironmentOf<'sweep'>, 'SKEIN_DEAD_LETTER_QUEUES'>): DeadLetterQueues {
  return createSqsDeadLetters({ client: queuesClient(), queues: readQueueUrls(queues) });
}

/** Everything of a tenant that stands in the table and the bucket. */
export function storesOf({
  SKEIN_TABLE: table,
  SKEIN_BUCKET: bucket,
  AWS_ENDPOINT_URL: endpoint,
  EVENT_RETENTION_HOURS: eventHours,
}: Pick<Stores, 'SKEIN_TABLE' | 'SKEIN_BUCKET' | 'AWS_ENDPOINT_URL' | 'EVENT_RETENTION_HOURS'>): (
  tenant: string,
) => TenantStores {
  const client = tableClient();
  // Emulators on 127.0.0.1 have no host for each bucket.
  const s3 = tracer.captureAWSv3Client(new S3Client({ ...everyClient, forcePathStyle: endpoint !== undefined }));
  return (tenant) => {
    const items = { client, table, tenant };
    const objects = { client: s3, bucket, tenant };
    const blobs = createS3BlobStore(objects);
    return {
      ledger: createDynamoLedgerStore({ ...items, eventHours }),
      blobs,
      definitions: createDynamoDefinitionStore({ ...items, blobs }),
      views: createDynamoViewStore({ ...items, objects: createS3Objects(objects) }),
      machines: createDynamoMachineRegistry(items),
      agentTypes: createDynamoAgentTypeStore(items),
      apiKeys: createDynamoApiKeyStore(items),
      idempotency: createDynamoIdempotencyStore(items),
    };
  };
}

/** What makes the machines of published versions. */
export function machinePress(environment: Stores): MachinePress {
  const { SKEIN_MACHINE_ROLE_ARN: roleArn, SKEIN_MACHINE_LOG_GROUP_ARN: logGroupArn } = environment;
  const client = machinesClient();
  return {
    stores: storesOf(environment),
    machines: createStepFunctionsMachines({ client, roleArn, ...(logGroupArn !== undefined && { logGroupArn }) }),
    client,
    namesOf: machineNamesOf(environment),
    functions: functionsOf(environment),
    defaults: planDefaultsOf(environment),
    clock: lambdaClock,
    report: createReport(),
  };
}

type Links = Pick<
  Stores,
  | 'AWS_REGION'
  | 'SKEIN_BEGIN_ARN'
  | 'SKEIN_DISPATCH_ARN'
  | 'SKEIN_CONCLUDE_ARN'
  | 'SKEIN_MACHINE_ROLE_ARN'
  | 'SKEIN_MACHINE_PREFIX'
>;

/** Milliseconds: longer than the compiler may take, so that its own error is heard. */
const COMPILER_PATIENCE = 330_000;

/** What stacks of others ask for. */
export function resourceWorld(environment: EnvironmentOf<'apply-resource'>): ResourceWorld {
  const { SKEIN_COMPILE_ARN: functionArn, SKEIN_TABLE: table } = environment;
  // Once: a second call would compile again while the first still does.
  const patient = { maxAttempts: 1, requestHandler: { ...PATIENCE, requestTimeout: COMPILER_PATIENCE } };
  const client = tracer.captureAWSv3Client(new LambdaClient(patient));
  return {
    agentTypes: (tenant) => createDynamoAgentTypeStore({ client: tableClient(), table, tenant }),
    compiler: createRemoteCompiler({ client, functionArn }),
    apiKeys: (tenant) => createDynamoApiKeyStore({ client: tableClient(), table, tenant }),
    note: createSecretNote({ client: secretsClient() }),
    newSecret: createLambdaSecret,
    clock: lambdaClock,
  };
}

export function stackAnswers(): StackAnswers {
  return createStackAnswers({ fetch: globalThis.fetch });
}

/** What the machines of a tenant are called, before there are any. */
export function machineNamesOf(environment: Links) {
  const { AWS_REGION: region, SKEIN_MACHINE_ROLE_ARN: roleArn, SKEIN_MACHINE_PREFIX: prefix } = environment;
  const functions = functionsOf(environment);
  return (tenant: string) => createMachineNames({ tenant, region, roleArn, prefix, functions });
}

/** What machines call. */
export function functionsOf({
  SKEIN_BEGIN_ARN: begin,
  SKEIN_DISPATCH_ARN: dispatch,
  SKEIN_CONCLUDE_ARN: conclude,
}: Links) {
  return { begin, dispatch, conclude };
}

/** Where machines of published versions are asked for. */
export function machineRequests({
  SKEIN_MACHINE_QUEUE_URL: queueUrl,
}: Pick<EnvironmentOf<'sweep'>, 'SKEIN_MACHINE_QUEUE_URL'>): MachineRequests {
  return createSqsMachineRequests({ client: queuesClient(), queueUrl });
}

/** The REST API. Without an issuer of tokens only API keys open it. */
export function lambdaApi(environment: EnvironmentOf<'api'>) {
  const sendAgain = createSqsRedrive({
    client: queuesClient(),
    queues: {
      timers: environment.SKEIN_TIMER_QUEUE_URL,
      answers: environment.SKEIN_ANSWER_QUEUE_URL,
      machines: environment.SKEIN_MACHINE_QUEUE_URL,
      endings: environment.SKEIN_ENDING_QUEUE_URL,
    },
  });
  const runtime = engineRuntime(environment, { sendAgain });
  const { SKEIN_API_URL: publicUrl, SKEIN_AUTH_JWKS_URL: jwks } = environment;
  const { SKEIN_AUTH_ISSUER: issuer = '', SKEIN_AUTH_AUDIENCE: audience = '' } = environment;
  const app = createLambdaApi({
    runtime,
    stores: storesOf(environment),
    requests: machineRequests(environment),
    namesOf: machineNamesOf(environment),
    functions: functionsOf(environment),
    issuer: {
      issuer,
      audience,
      keys: jwks === undefined ? createLocalJWKSet({ keys: [] }) : createRemoteJWKSet(new URL(jwks)),
    },
    maxExecutions: environment.MAX_CONCURRENT_WORKFLOWS,
    defaults: planDefaultsOf(environment),
    newSecret: createLambdaSecret,
    version: manifest.version,
    ...(publicUrl !== undefined && { publicUrl }),
  });
  return { app, background: runtime.background };
}

export function publicBus({ SKEIN_BUS: bus }: Pick<EnvironmentOf<'project-view'>, 'SKEIN_BUS'>): PublicBus {
  return createEventBridgeEventBus({ client: tracer.captureAWSv3Client(new EventBridgeClient(everyClient)), bus });
}

// A bundle leaves out the clients that its function does not make: nothing happens before they are called.
const tableClient = /* @__PURE__ */ lazily(() =>
  DynamoDBDocumentClient.from(tracer.captureAWSv3Client(new DynamoDBClient(everyClient)), {
    marshallOptions: { removeUndefinedValues: true },
  }),
);
const machinesClient = /* @__PURE__ */ lazily(() => tracer.captureAWSv3Client(new SFNClient(everyClient)));
const secretsClient = /* @__PURE__ */ lazily(() => tracer.captureAWSv3Client(new SecretsManagerClient(everyClient)));
const queuesClient = /* @__PURE__ */ lazily(() => tracer.captureAWSv3Client(new SQSClient(everyClient)));

function lazily<Made>(make: () => Made): () => Made {
  let made: { readonly value: Made } | undefined;
  return () => (made ??= { value: make() }).value;
}
