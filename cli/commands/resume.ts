import { InvalidRequestError } from '../../core/errors/index.ts';
import { executionId, type ExecutionId } from '../../core/ids/index.ts';
import type { Laptop } from '../../local/index.ts';
import { openDisplay, silentDisplay, type Display } from '../display.ts';
import { followExecution } from '../follow-execution.ts';
import { openCommandLaptop, requireDatabase } from '../open-database.ts';
import { deploymentOf, withPlaceOptions } from '../place.ts';
import { reportEnding } from '../report-ending.ts';
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
    let display: Display = silentDisplay;
    const laptop = await openCommandLaptop(command, surroundings, { onAgentLog: (log) => display.hear(log) });
    try {
      const ids = id === undefined ? await laptop.unfinished() : [executionId(id)];
      if (ids.length === 0 && !json) surroundings.out.write('nothing is unfinished\n');
      let code: ExitCode = exitCodes.ok;
      for (const one of ids) {
        if (!json) display = await openResumedDisplay(laptop, one, surroundings);
        const begin = () => laptop.runtime.resume(one).then(() => one);
        const view = await followExecution(laptop.runtime, begin, display, surroundings);
        const ended = await reportEnding(view, laptop.reader, json, surroundings);
        if (ended !== exitCodes.ok) code = ended;
      }
      return code;
    } finally {
      await laptop.close();
    }
  },
};

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
