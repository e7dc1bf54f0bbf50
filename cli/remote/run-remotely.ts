import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { executionId } from '../../core/ids/index.ts';
import { openDisplay, silentDisplay, type Display } from '../display.ts';
import { readExecutionInput, type InputOptions } from '../execution-input.ts';
import { followExecution } from '../follow-execution.ts';
import type { WorkflowFiles } from '../load-workflow.ts';
import { readText } from '../read-text.ts';
import { reportEnding } from '../report-ending.ts';
import { refuseFindings } from '../report-findings.ts';
import { reportPublication } from '../report-publication.ts';
import type { Surroundings } from '../surroundings.ts';
import { exitCodes, type ExitCode } from '../verb.ts';
import type { ApiClient } from './client.ts';
import { DefinitionRefused } from './problem-error.ts';
import { publishRemotely } from './publish-remotely.ts';
import { createRemoteReader } from './remote-reader.ts';
import { createRemoteRunner } from './remote-runner.ts';

export interface RemoteRun {
  readonly client: ApiClient;
  readonly files: WorkflowFiles;
  readonly input: InputOptions;
  readonly json: boolean;
  /** Started, and left to itself. */
  readonly detach: boolean;
}

/** Publishes the definition, where a file is named, and runs it in the deployment until it has ended. */
export async function runRemotely(run: RemoteRun, surroundings: Surroundings): Promise<ExitCode> {
  const { client, files, json, detach } = run;
  const { directory, out } = surroundings;
  const input = readExecutionInput(run.input, directory);
  return unlessRefused(files, json, surroundings, async () => {
    const target = existsSync(resolve(directory, files.file))
      ? await publishRemotely(client, files, directory)
      : { name: files.file };
    const start = { workflow: target.name, ...('version' in target && { version: target.version }), input };
    const runner = createRemoteRunner(client, surroundings);
    const reader = createRemoteReader(client);
    const id = await runner.start(start);
    if (detach) {
      out.write(json ? `${JSON.stringify({ execution: id }, null, 2)}\n` : `${id}\n`);
      return exitCodes.ok;
    }
    const display = json ? silentDisplay : await openDisplay({ plan: await reader.plan(id) }, surroundings);
    const view = await followExecution(runner, async () => id, display, surroundings);
    return reportEnding(view, reader, json, surroundings);
  });
}

export interface RemoteResume {
  readonly client: ApiClient;
  readonly id: string;
  readonly json: boolean;
}

/** Lets a paused execution go on, and shows it until it has ended. */
export async function resumeRemotely(
  { client, id, json }: RemoteResume,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const runner = createRemoteRunner(client, surroundings);
  const reader = createRemoteReader(client);
  const execution = executionId(id);
  let display: Display = silentDisplay;
  if (!json) {
    const [plan, before] = await Promise.all([reader.plan(execution), reader.view(execution)]);
    display = await openDisplay({ plan, before }, surroundings);
  }
  const begin = () => runner.resume(execution).then(() => execution);
  const view = await followExecution(runner, begin, display, surroundings);
  return reportEnding(view, reader, json, surroundings);
}

export async function publishInDeployment(
  client: ApiClient,
  files: WorkflowFiles,
  json: boolean,
  surroundings: Surroundings,
): Promise<ExitCode> {
  return unlessRefused(files, json, surroundings, async () => {
    reportPublication(await publishRemotely(client, files, surroundings.directory), json, surroundings);
    return exitCodes.ok;
  });
}

/** What a deployment finds in a definition is printed as what is found here, with the source lines of the file. */
async function unlessRefused(
  { file }: WorkflowFiles,
  json: boolean,
  surroundings: Surroundings,
  act: () => Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof DefinitionRefused)) throw error;
    const diagnostics = error.diagnostics.map(({ file: _sent, title: _title, ...diagnostic }) => diagnostic);
    const name = error.file ?? file;
    const text = readText(resolve(surroundings.directory, name));
    return refuseFindings({ texts: [{ name, text, diagnostics }], isValid: false }, json, surroundings);
  }
}
