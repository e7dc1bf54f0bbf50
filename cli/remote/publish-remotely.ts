import { extname, relative, resolve } from 'node:path';
import { z } from 'zod';
import { parseText } from '../../compiler/index.ts';
import { assertNever, InvalidRequestError } from '../../core/errors/index.ts';
import type { AgentType } from '../../core/agents/index.ts';
import { parseAgentCatalogue } from '../../core/definition/index.ts';
import type { Json } from '../../core/json/index.ts';
import { loadChildren } from '../load-children.ts';
import type { WorkflowFiles } from '../load-workflow.ts';
import { lookUpPublished } from '../published-lookup.ts';
import { readText } from '../read-text.ts';
import type { ApiClient } from './client.ts';
import { DefinitionRefused } from './problem-error.ts';

const published = z.object({ workflow_id: z.string(), version: z.string() });
const described = z.object({ digest: z.string(), published_at: z.iso.datetime() });

export interface RemotePublication {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  readonly publishedAt: number;
  /** False: the very same version was there before. */
  readonly isNew: boolean;
}

/**
 * Publishes a definition in a deployment, which compiles it with the agent types that are registered there. A catalogue that is
 * named is registered before, and so are the workflows beside the file that it starts. Throws DefinitionRefused.
 */
export async function publishRemotely(
  client: ApiClient,
  { file, agents }: WorkflowFiles,
  directory: string,
): Promise<RemotePublication> {
  if (agents !== undefined) await registerTypes(client, resolve(directory, agents));
  return publishWithChildren(client, { file, directory, sent: new Set() });
}

interface Sending {
  /** As it was named, or relative to the directory. */
  readonly file: string;
  readonly directory: string;
  /** Paths: workflows may start each other. */
  readonly sent: Set<string>;
}

async function publishWithChildren(client: ApiClient, { file, directory, sent }: Sending): Promise<RemotePublication> {
  const path = resolve(directory, file);
  const content = readText(path);
  sent.add(path);
  const { calls } = parseText({ name: file, text: content });
  const { files } = await loadChildren(path, calls, lookUpPublished(undefined));
  for (const child of files) {
    if (!sent.has(child)) await publishWithChildren(client, { file: relative(directory, child), directory, sent });
  }
  return publishText(client, file, content);
}

async function publishText(client: ApiClient, file: string, content: string): Promise<RemotePublication> {
  const type = extname(file) === '.json' ? 'application/json' : 'application/yaml';
  const { status, text } = await client
    .send({ method: 'POST', path: '/api/v1/workflows', text: { type, content } })
    .catch((error: unknown) => {
      throw error instanceof DefinitionRefused ? error.in(file) : error;
    });
  const { workflow_id: name, version } = client.read(text, published);
  const path = `/api/v1/workflows/${encodeURIComponent(name)}`;
  const { digest, published_at } = await client.json({ path, query: { version } }, described);
  return { name, version, digest, publishedAt: Date.parse(published_at), isNew: status === 201 };
}

async function registerTypes(client: ApiClient, path: string): Promise<void> {
  const { catalogue, diagnostics } = parseAgentCatalogue({
    name: path,
    text: readText(path),
    resolveModule: (module) => resolve(path, '..', module),
  });
  if (!catalogue) throw invalidCatalogue(path, [...diagnostics][0]?.message ?? '');
  for (const type of catalogue.values()) {
    const json = documentOf(type);
    await client.send({ method: 'POST', path: `/api/v1/agents/${encodeURIComponent(type.name)}/register`, json });
  }
}

/** An agent type as its author writes it. */
function documentOf(type: AgentType): Json {
  const { name, ...document } = type;
  switch (document.runtime) {
    case 'local':
    case 'http':
    case 'human':
      return document;
    case 'lambda': {
      const { functionArn, roleArn, ...rest } = document;
      return { ...rest, function: functionArn, ...(roleArn !== undefined && { role_arn: roleArn }) };
    }
    case 'ecs':
    case 'model':
      throw invalidCatalogue(name, `agent types with runtime: ${document.runtime} cannot be registered`);
    default:
      return assertNever(document, 'an agent type');
  }
}

function invalidCatalogue(place: string, message: string): InvalidRequestError {
  const hint = '`skein validate` says what is wrong with a catalogue';
  return new InvalidRequestError({ code: 'catalogue_invalid', message, hint, details: { place } });
}
