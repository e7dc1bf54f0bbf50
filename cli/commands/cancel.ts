import { ConflictError } from '../../core/errors/index.ts';
import { executionId } from '../../core/ids/index.ts';
import { openCommandLaptop, withDatabaseOption } from '../open-database.ts';
import { renderFrame } from '../render/execution-frame.ts';
import { styleFor } from '../render/style.ts';
import { exitCodes, type Verb } from '../verb.ts';

export const cancelVerb: Verb = {
  name: 'cancel',
  summary: 'cancel an execution whose process has ended (Ctrl-C cancels one that runs)',
  declare: (command) =>
    withDatabaseOption(command).argument('<execution>', 'its id, exec_…').option('--json', 'print the view as JSON'),

  async run(command, surroundings) {
    const { out, environment } = surroundings;
    const id = executionId(command.args[0] ?? '');
    const laptop = await openCommandLaptop(command, surroundings).catch(withWayToCancel);
    const { runtime, reader } = laptop;
    try {
      await runtime.cancel(id, 'terminal');
      // Its machine died with its process: run again, it finds nothing to dispatch and comes to its end.
      await runtime.resume(id);
      const view = await runtime.whenEnded(id);
      const page = { columns: out.columns, rows: Infinity, style: styleFor(out, environment), now: surroundings.now() };
      if (command.opts<{ json?: boolean }>().json) out.write(`${JSON.stringify(view, null, 2)}\n`);
      else out.write(`${renderFrame(await reader.plan(id), view, page).join('\n')}\n`);
      return exitCodes.ok;
    } finally {
      await laptop.close();
    }
  },
};

function withWayToCancel(error: unknown): never {
  if (!(error instanceof ConflictError && error.code === 'database_owned')) throw error;
  const { code, message, details } = error;
  throw new ConflictError({
    code,
    message,
    details,
    hint: 'press Ctrl-C where it runs: that cancels it',
    cause: error,
  });
}
