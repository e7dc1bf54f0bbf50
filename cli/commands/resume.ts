import { executionId } from '../../core/ids/index.ts';
import { openDisplay, silentDisplay, type Display } from '../display.ts';
import { followExecution } from '../follow-execution.ts';
import { openCommandLaptop, requireDatabase, withDatabaseOption } from '../open-database.ts';
import { reportEnding } from '../report-ending.ts';
import type { Verb } from '../verb.ts';

export const resumeVerb: Verb = {
  name: 'resume',
  summary: 'go on with an execution whose process has ended, and show it until it has ended',
  declare: (command) =>
    withDatabaseOption(command)
      .argument('<execution>', 'its id, exec_…')
      .option('--json', 'print nothing but the result, as JSON'),

  async run(command, surroundings) {
    const id = executionId(command.args[0] ?? '');
    const { json = false } = command.opts<{ json?: boolean }>();
    requireDatabase(command, surroundings);
    let display: Display = silentDisplay;
    const laptop = await openCommandLaptop(command, surroundings, { onAgentLog: (log) => display.hear(log) });
    const { runtime, reader } = laptop;
    try {
      const shown = { plan: await reader.plan(id), before: await reader.view(id) };
      if (!json) display = await openDisplay(shown, surroundings);
      const begin = async () => {
        await runtime.resume(id);
        return id;
      };
      const view = await followExecution(runtime, begin, display, surroundings);
      return await reportEnding(view, reader, json, surroundings);
    } finally {
      await laptop.close();
    }
  },
};
