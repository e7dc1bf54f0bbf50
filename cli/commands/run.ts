import { InvalidArgumentError } from 'commander';
import { IN_MEMORY } from '../open-database.ts';
import { deploymentOf, withPlaceOptions } from '../place.ts';
import type { Verb } from '../verb.ts';

interface Options {
  readonly agents?: string;
  readonly input: readonly string[];
  readonly inputFile?: string;
  readonly workers?: number;
  readonly detach?: boolean;
  readonly json?: boolean;
}

export const runVerb: Verb = {
  name: 'run',
  summary: 'run a workflow, here or in a deployment, and show it until it has ended',
  example: 'skein run workflow.yaml --input name=Ada',
  declare: (command) =>
    withPlaceOptions(command, `, or ${IN_MEMORY}`)
      .argument('<file>', 'the definition, YAML or JSON; in a deployment also the name of a published workflow')
      .option('--agents <file>', 'the agent catalogue; default: agents.yaml beside the definition')
      .option('--input <key=value>', 'a member of the input; a value that is JSON is taken as such', collect, [])
      .option('--input-file <file>', 'a JSON object, the input')
      .option('--workers <n>', 'local agents at once; default: twice the number of cores, at least 4', parseWorkers)
      .option('--detach', 'in a deployment: do not wait for its end, print its id')
      .option('--json', 'print nothing but the result, as JSON'),

  async run(command, surroundings) {
    const { agents, json = false, workers, detach = false, ...input } = command.opts<Options>();
    const files = { file: command.args[0] ?? '', ...(agents !== undefined && { agents }) };
    const client = await deploymentOf(command, surroundings);
    if (client) {
      const { runRemotely } = await import('../remote/run-remotely.ts');
      return runRemotely({ client, files, input, json, detach }, surroundings);
    }
    const { createWorkerPool } = await import('../../local/index.ts');
    // The first worker starts while the rest is loaded and the workflow compiled: a short run would only wait for it.
    const pool = createWorkerPool(workers === undefined ? {} : { size: workers });
    pool.start(1);
    try {
      const { runFile } = await import('../run-file.ts');
      return await runFile({ files, input, json, pool }, command, surroundings);
    } finally {
      await pool.close();
    }
  },
};

function collect(pair: string, pairs: readonly string[]): readonly string[] {
  return [...pairs, pair];
}

function parseWorkers(text: string): number {
  const workers = Number(text);
  if (Number.isInteger(workers) && workers >= 1) return workers;
  throw new InvalidArgumentError('It is a whole number from 1.');
}
