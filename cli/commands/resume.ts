import type { Command } from 'commander';
import { InvalidRequestError } from '../../core/errors/index.ts';
import { executionId, type ExecutionId } from '../../core/ids/index.ts';
import type { Laptop } from '../../local/index.ts';
import { openDisplay, silentDisplay, type Display } from '../display.ts';
import { followExecution } from '../follow-execution.ts';
import { databasePath, lookInto, openCommandLaptop, requireDatabase } from '../open-database.ts';
import { personOf } from '../person.ts';
import { deploymentOf, withPlaceOptions } from '../place.ts';
import { reportEnding } from '../report-ending.ts';
import { restingView } from '../resting-view.ts';
import type { Surroundings } from '../surroundings.ts';
import { exitCodes, type ExitCode, type Verb } from '../verb.ts';

export const resumeVerb: Verb = {
  name: 'resume',
  summary: 'go on with what was left unfinished, or is paused, and show it until it has ended',
  example: 'skein resume',
  declare: (command) =>
    withPlaceOptions(command)
      .argument('[execution]', 'its id, exec_…; default: all that are unfinished, oldest first')
      .option('--json', 'print nothing but the results, one JSON document for each execution'),

  async run(command, surroundings) {
    const [id] = command.args;
    const { json = false } = command.opts<{ json?: boolean }>();
    const client = await deploymentOf(command, surroundings);
    if (client) {
      const { resumeRemotely } = await import('../remote/run-remotely.ts');
      return resumeRemotely({ client, id: id ?? missingId(), json }, surroundings);
    }
    requireDatabase(command, surroundings);
    if (id !== undefined && (await resumeElsewhere(command, surroundings, executionId(id)))) return exitCodes.ok;
    let display: Display = silentDisplay;
    const laptop = await openCommandLaptop(command, surroundings, { onAgentLog: (log) => display.hear(log) });
    try {
      const ids = id === undefined ? await unfinished(laptop, json, surroundings) : [executionId(id)];
      let code: ExitCode = exitCodes.ok;
      for (const one of ids) {
        if (!json) display = await openResumedDisplay(laptop, one, surroundings);
        const view = await followExecution(laptop.runtime, () => takeUp(laptop, one, surroundings), display, {
          ...surroundings,
          rests: (id) => restingView(laptop.reader, id),
        });
        const ended = await reportEnding(view, laptop.reader, json, surroundings);
        if (ended !== exitCodes.ok) code = ended;
      }
      return code;
    } finally {
      await laptop.close();
    }
  },
};

/** A paused one that another process runs is resumed there, and goes on there. False: there is none such. */
async function resumeElsewhere(command: Command, surroundings: Surroundings, id: ExecutionId): Promise<boolean> {
  const { status } = await lookInto(command, surroundings, (reader) => reader.view(id));
  if (status !== 'paused') return false;
  const { unpauseElsewhere } = await import('../../local/index.ts');
  const isElsewhere = await unpauseElsewhere(databasePath(command, surroundings), id, personOf(surroundings));
  if (isElsewhere) surroundings.out.write(`resumed ${id}: the process that runs it goes on\n`);
  return isElsewhere;
}

/** Its process has died, or somebody has paused it, or both. */
async function takeUp({ runtime, reader }: Laptop, id: ExecutionId, surroundings: Surroundings): Promise<ExecutionId> {
  const { status } = await reader.view(id);
  if (status === 'paused') await runtime.unpause(id, { by: personOf(surroundings) });
  await runtime.resume(id);
  return id;
}

/** What a process has left; who has paused something says when it goes on. */
async function unfinished(laptop: Laptop, json: boolean, { out }: Surroundings): Promise<readonly ExecutionId[]> {
  const { reader } = laptop;
  const ids = await laptop.unfinished();
  const views = await Promise.all(ids.map((id) => reader.view(id)));
  if (!json) {
    if (ids.length === 0) out.write('nothing is unfinished\n');
    for (const { execution, paused } of views)
      if (paused) out.write(`${execution} is paused by ${paused.by}: \`skein resume ${execution}\` resumes it\n`);
  }
  return ids.filter((_, i) => views[i]?.status !== 'paused');
}

function missingId(): never {
  throw new InvalidRequestError({
    code: 'missing_argument',
    message: 'in a deployment one execution is resumed at a time, and none is named',
    hint: '`skein list --status paused` shows those that are paused',
  });
}

async function openResumedDisplay({ reader }: Laptop, id: ExecutionId, surroundings: Surroundings): Promise<Display> {
  return openDisplay({ plan: await reader.plan(id), before: await reader.view(id) }, surroundings);
}
