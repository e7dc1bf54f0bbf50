import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import type { AgentType } from '../../core/agents/index.ts';
import type { DevServer } from '../../local/index.ts';
import { requireModules } from '../agent-modules.ts';
import { findDefinitions } from '../find-definitions.ts';
import {
  loadCatalogue,
  loadWorkflow,
  requireCompiled,
  type CompiledFiles,
  type LoadedWorkflow,
} from '../load-workflow.ts';
import { databaseOf, withDatabaseOption } from '../open-database.ts';
import { programVersion } from '../program-version.ts';
import { refuseFindings } from '../report-findings.ts';
import { styleFor } from '../render/style.ts';
import { planDefaults, settingsOf } from '../settings.ts';
import type { Surroundings } from '../surroundings.ts';
import { exitCodes, type Verb } from '../verb.ts';

/** Where the API is looked for when nobody says otherwise. */
const PORT = 8002;

interface Options {
  readonly port: number;
  readonly agents?: string;
  readonly json?: boolean;
}

export const devVerb: Verb = {
  name: 'dev',
  summary: 'serve the REST API of a deployment on this machine, until Ctrl-C',
  example: 'skein dev examples/code-review --port 8002',
  declare: (command) =>
    withDatabaseOption(command)
      .argument('[directory]', 'publishes the definitions in it, and registers the agent types of its catalogue')
      .option('--port <port>', 'of 127.0.0.1; 0 takes a free one', parsePort, PORT)
      .option('--agents <file>', 'the agent catalogue; default: agents.yaml in the directory')
      .option('--json', 'print where it listens, and its token, as one line of JSON'),

  async run(command, surroundings) {
    const { json = false } = command.opts<Options>();
    const content = await loadContent(command, surroundings);
    if ('refused' in content) return refuseFindings(content.refused, json, surroundings);
    const server = await openServer(command, surroundings);
    try {
      await server.register(content.agentTypes);
      const published: string[] = [];
      for (const compiled of content.workflows) {
        const { name, version } = (await server.publish(compiled)).published;
        published.push(`${name} ${version}`);
      }
      report(server, published, json, surroundings);
      await interrupted(surroundings);
      return exitCodes.ok;
    } finally {
      await server.close();
    }
  },
};

interface Content {
  readonly agentTypes: readonly AgentType[];
  readonly workflows: readonly CompiledFiles[];
}

/** What the server begins with: compiled before it starts, so that a mistake costs nothing. */
async function loadContent(
  command: Command,
  surroundings: Surroundings,
): Promise<Content | { readonly refused: LoadedWorkflow }> {
  const [named] = command.args;
  const { directory } = surroundings;
  const { agents } = command.opts<Options>();
  const workflows: CompiledFiles[] = [];
  for (const file of named === undefined ? [] : findDefinitions(named, directory)) {
    const files = { file, ...(agents !== undefined && { agents }) };
    const loaded = await loadWorkflow(files, {
      directory,
      forRun: true,
      database: databaseOf(command, surroundings),
      defaults: planDefaults(surroundings),
    });
    if (!loaded.isValid) return { refused: loaded };
    const compiled = requireCompiled(loaded, file);
    requireModules(compiled);
    workflows.push(compiled);
  }
  const beside = named === undefined ? undefined : join(named, 'agents.yaml');
  const catalogue = agents ?? (beside !== undefined && existsSync(resolve(directory, beside)) ? beside : undefined);
  if (catalogue === undefined) return { workflows, agentTypes: [] };
  const { catalogue: types, read } = loadCatalogue(resolve(directory, catalogue), directory);
  return types ? { workflows, agentTypes: [...types.values()] } : { refused: { texts: [read], isValid: false } };
}

async function openServer(command: Command, surroundings: Surroundings): Promise<DevServer> {
  const { port, json = false } = command.opts<Options>();
  const { directory, err } = surroundings;
  const database = databaseOf(command, surroundings);
  const { startDevServer } = await import('../../local/index.ts');
  return startDevServer({
    port,
    directory,
    version: programVersion(),
    settings: settingsOf(surroundings),
    ...(database !== undefined && { database }),
    onAgentLog: ({ execution, path, text }) => {
      if (!json) err.write(`${execution} ${path}  ${text}\n`);
    },
    onError: (error) => err.write(`${error instanceof Error ? error.message : String(error)}\n`),
  });
}

function report(
  { url, token, takenUp }: DevServer,
  published: readonly string[],
  json: boolean,
  { out, environment }: Surroundings,
): void {
  if (json) {
    out.write(`${JSON.stringify({ url, token, published, taken_up: takenUp })}\n`);
    return;
  }
  const style = styleFor(out, environment);
  out.write(`${style('good', 'listening')} ${style('emphasis', url)}\n`);
  for (const version of published) out.write(`published ${version}\n`);
  for (const execution of takenUp) out.write(`goes on   ${execution}\n`);
  out.write(`token     ${token}\n`);
  out.write(style('quiet', 'Ctrl-C stops it; what is unfinished then goes on with the next start\n'));
}

function interrupted({ onInterrupt }: Surroundings): Promise<void> {
  return new Promise((resolve) => {
    const ignore = onInterrupt(() => {
      ignore();
      resolve();
    });
  });
}

const HIGHEST_PORT = 65_535;

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= HIGHEST_PORT) return port;
  throw new InvalidArgumentError(`It is a number from 0 to ${HIGHEST_PORT}.`);
}
