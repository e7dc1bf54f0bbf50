import { InvalidArgumentError, type Command } from 'commander';
import { requireModules } from '../agent-modules.ts';
import { openDisplay, silentDisplay } from '../display.ts';
import { readExecutionInput } from '../execution-input.ts';
import { followExecution } from '../follow-execution.ts';
import { loadWorkflow, requireCompiled, type CompiledFiles } from '../load-workflow.ts';
import { databaseOf, IN_MEMORY, openCommandLaptop, withDatabaseOption } from '../open-database.ts';
import { reportEnding } from '../report-ending.ts';
import { refuseFindings } from '../report-findings.ts';
import type { Surroundings } from '../surroundings.ts';
import type { ExitCode, Verb } from '../verb.ts';

interface Options {
  readonly agents?: string;
  readonly input: readonly string[];
  readonly inputFile?: string;
  readonly workers?: number;
  readonly json?: boolean;
}

export const runVerb: Verb = {
  name: 'run',
  summary: 'run a workflow here and show it until it has ended',
  example: 'skein run workflow.yaml --input name=Ada',
  declare: (command) =>
    withDatabaseOption(command, `, or ${IN_MEMORY}`)
      .argument('<file>', 'the definition, YAML or JSON')
      .option('--agents <file>', 'the agent catalogue; default: agents.yaml beside the definition')
      .option('--input <key=value>', 'a member of the input; a value that is JSON is taken as such', collect, [])
      .option('--input-file <file>', 'a JSON object, the input')
      .option('--workers <n>', 'local agents at once; default: twice the number of cores, at least 4', parseWorkers)
      .option('--json', 'print nothing but the result, as JSON'),

  async run(command, surroundings) {
    const { agents, json = false, ...input } = command.opts<Options>();
    const { directory } = surroundings;
    const values = readExecutionInput(input, directory);
    const files = { file: command.args[0] ?? '', ...(agents !== undefined && { agents }) };
    const loaded = await loadWorkflow(files, { directory, forRun: true, database: databaseOf(command, surroundings) });
    if (!loaded.isValid) return refuseFindings(loaded, json, surroundings);
    const compiled = requireCompiled(loaded, files.file);
    requireModules(compiled);
    return runCompiled(compiled, values, command, surroundings);
  },
};

async function runCompiled(
  compiled: CompiledFiles,
  input: ReturnType<typeof readExecutionInput>,
  command: Command,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { workers, json = false } = command.opts<Options>();
  const display = json ? silentDisplay : await openDisplay({ plan: compiled.plan }, surroundings);
  const settings = { ...(workers !== undefined && { workers }), onAgentLog: display.hear };
  const laptop = await openCommandLaptop(command, surroundings, settings);
  const { runtime, reader } = laptop;
  try {
    const begin = async () => runtime.start({ ...(await runtime.publish(compiled)), input });
    const view = await followExecution(runtime, begin, display, surroundings);
    return await reportEnding(view, reader, json, surroundings);
  } finally {
    await laptop.close();
  }
}

function collect(pair: string, pairs: readonly string[]): readonly string[] {
  return [...pairs, pair];
}

function parseWorkers(text: string): number {
  const workers = Number(text);
  if (Number.isInteger(workers) && workers >= 1) return workers;
  throw new InvalidArgumentError('It is a whole number from 1.');
}
