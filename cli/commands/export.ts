import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Argument } from 'commander';
import { workflowJsonSchema } from '../../core/definition/index.ts';
import { InvalidRequestError } from '../../core/errors/index.ts';
import { parseJson } from '../../core/json/index.ts';
import { mermaidOf } from '../../core/plan/index.ts';
import { databaseOf } from '../open-database.ts';
import { deploymentOf, withPlaceOptions } from '../place.ts';
import { reportFindings } from '../report-findings.ts';
import { loadWorkflow, requireCompiled, type CompiledFiles } from '../load-workflow.ts';
import type { ApiClient } from '../remote/client.ts';
import { exitCodes, type Verb } from '../verb.ts';

const formats = ['asl', 'mermaid', 'jsonschema'] as const;
type Format = (typeof formats)[number];

export const exportVerb: Verb = {
  name: 'export',
  summary: "write a workflow's machine (asl) or graph (mermaid), or the language's schema (jsonschema)",
  example: 'skein export asl workflow.yaml > machine.asl.json',
  declare: (command) =>
    withPlaceOptions(command, ', where child workflows are looked for')
      .addArgument(new Argument('<format>', 'what to write').choices(formats))
      .argument('[file]', 'the definition, or what is published in a deployment: its name; jsonschema needs none')
      .option('--agents <file>', 'the agent catalogue; default: agents.yaml beside the definition')
      .option('--json', 'print the text in a JSON object'),

  async run(command, surroundings) {
    const [format, file] = command.processedArgs as [Format, string | undefined];
    const { agents, json } = command.opts<{ agents?: string; json?: boolean }>();
    const written = (text: string): void =>
      surroundings.out.write(json ? `${JSON.stringify({ format, text }, null, 2)}\n` : text);
    if (format === 'jsonschema') {
      written(asText(workflowJsonSchema()));
      return exitCodes.ok;
    }
    if (file === undefined) throw withoutFile(format);
    const client = existsSync(resolve(surroundings.directory, file))
      ? undefined
      : await deploymentOf(command, surroundings);
    if (client) {
      written(await publishedText(client, format, file));
      return exitCodes.ok;
    }
    const files = { file, ...(agents !== undefined && { agents }) };
    const loaded = await loadWorkflow(files, {
      directory: surroundings.directory,
      forRun: false,
      database: databaseOf(command, surroundings),
    });
    reportFindings(loaded, surroundings.err, surroundings.environment);
    if (!loaded.isValid) return exitCodes.workflow;
    written(textOf(format, requireCompiled(loaded, file)));
    return exitCodes.ok;
  },
};

function textOf(format: Exclude<Format, 'jsonschema'>, { plan, machine, parts }: CompiledFiles): string {
  if (format === 'mermaid') return mermaidOf(plan);
  return asText(parts.length === 0 ? machine : { root: machine, parts });
}

/** What a deployment has published under this name. */
async function publishedText(client: ApiClient, format: Exclude<Format, 'jsonschema'>, name: string): Promise<string> {
  const path = `/api/v1/workflows/${encodeURIComponent(name)}`;
  if (format === 'mermaid') return client.text({ path, accept: 'text/vnd.mermaid' });
  return asText(parseJson(await client.text({ path, accept: 'application/vnd.skein.asl+json' })));
}

function asText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function withoutFile(format: Format): InvalidRequestError {
  return new InvalidRequestError({
    code: 'missing_argument',
    message: `${format} is written from a definition, and none is named`,
    hint: `skein export ${format} workflow.yaml`,
  });
}
