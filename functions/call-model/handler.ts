import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { toLambda } from '../../sdk/lambda/index.ts';
import { createModelAgent } from './converse.ts';
import { readModelSettings } from './model-settings.ts';

const settings = readModelSettings(process.env);

/** An agent like any other: its stack is that of whoever uses it, and it knows nothing of the engine. */
export const handler = toLambda(createModelAgent({ ...settings, client: new BedrockRuntimeClient() }));
