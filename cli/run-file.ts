import type { Command } from 'commander';
import type { ExecutionId } from '../core/ids/index.ts';
import type { WorkerPool } from '../local/index.ts';
import { requireModules, requireReachForPeople } from './agent-modules.ts';
import { openDisplay, silentDisplay } from './display.ts';
import { readExecutionInput, type InputOptions } from './execution-input.ts';
import { followExecution } from './follow-execution.ts';
import { loadWorkflow, requireCompiled, type WorkflowFiles } from './load-workflow.ts';
import { databaseOf, openCommandLaptop } from './open-database.ts';
import { reportEnding } from './report-ending.ts';
import { restingView } from './resting-view.ts';
import { refuseFindings } from './report-findings.ts';
import { planDefaults } from './settings.ts';
import type { Surroundings } from './surroundings.ts';
import type { ExitCode } from './verb.ts';

export interface FileRun {
  readonly files: WorkflowFiles;
  readonly input: InputOptions;
  readonly json: boolean;
  readonly pool: WorkerPool;
}

/** Compiles a definition, runs it, and shows it until it has ended. */
export async function runFile(
  { files, input, json, pool }: FileRun,
  command: Command,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { directory } = surroundings;
  const values = readExecutionInput(input, directory);
  const loaded = await loadWorkflow(files, {
    directory,
    forRun: true,
    database: databaseOf(command, surroundings),
    defaults: planDefaults(surroundings),
  });
  if (!loaded.isValid) return refuseFindings(loaded, json, surroundings);
  const compiled = requireCompiled(loaded, files.file);
  requireModules(compiled);
  requireReachForPeople(compiled, databaseOf(command, surroundings));
  const display = json ? silentDisplay : await openDisplay({ plan: compiled.plan }, surroundings);
  const laptop = await openCommandLaptop(command, surroundings, { pool, onAgentLog: display.hear });
  const { runtime, reader } = laptop;
  try {
    const begin = async () => runtime.start({ ...(await runtime.publish(compiled)), input: values });
    const rests =
      databaseOf(command, surroundings) === undefined ? {} : { rests: (id: ExecutionId) => restingView(reader, id) };
    const view = await followExecution(runtime, begin, display, { ...surroundings, ...rests });
    return await reportEnding(view, reader, json, surroundings);
  } finally {
    await laptop.close();
  }
}
