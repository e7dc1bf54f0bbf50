import type { Command } from 'commander';
import { isTerminal } from '../../core/execution/index.ts';
import { executionId, type ExecutionId } from '../../core/ids/index.ts';
import type { ExecutionView } from '../../core/projections/index.ts';
import { databasePath, lookInto, openCommandLaptop, requireDatabase } from '../open-database.ts';
import { withWayTo } from '../owned-database.ts';
import { deploymentOf, lookAt, withPlaceOptions } from '../place.ts';
import { renderFrame } from '../render/execution-frame.ts';
import { styleFor } from '../render/style.ts';
import type { Surroundings } from '../surroundings.ts';
import { exitCodes, type Verb } from '../verb.ts';

const LOOKS_PER_SECOND = 5;

export const cancelVerb: Verb = {
  name: 'cancel',
  summary: 'cancel an execution, also one that another process runs',
  example: 'skein cancel exec_01M7Z6SB7P2M4QMZEBVG80B9S1',
  declare: (command) =>
    withPlaceOptions(command).argument('<execution>', 'its id, exec_…').option('--json', 'print the view as JSON'),

  async run(command, surroundings) {
    const { out, environment } = surroundings;
    const id = executionId(command.args[0] ?? '');
    const view = await cancel(command, surroundings, id);
    const page = { columns: out.columns, rows: Infinity, style: styleFor(out, environment), now: surroundings.now() };
    if (command.opts<{ json?: boolean }>().json) out.write(`${JSON.stringify(view, null, 2)}\n`);
    else {
      const plan = await lookAt(command, surroundings, (reader) => reader.plan(id));
      out.write(`${renderFrame(plan, view, page).join('\n')}\n`);
    }
    return exitCodes.ok;
  },
};

async function cancel(command: Command, surroundings: Surroundings, id: ExecutionId): Promise<ExecutionView> {
  const client = await deploymentOf(command, surroundings);
  if (client) {
    const { createRemoteRunner } = await import('../remote/remote-runner.ts');
    const runner = createRemoteRunner(client, surroundings);
    await runner.cancel(id, 'terminal');
    return runner.whenEnded(id);
  }
  requireDatabase(command, surroundings);
  const { cancelElsewhere } = await import('../../local/index.ts');
  const isElsewhere = await cancelElsewhere(databasePath(command, surroundings), id, 'terminal');
  return isElsewhere ? waitForEnd(command, surroundings, id) : cancelHere(command, surroundings, id);
}

/** Its process is dead. Its machine died with it: run again, it finds nothing to dispatch and comes to its end. */
async function cancelHere(command: Command, surroundings: Surroundings, id: ExecutionId): Promise<ExecutionView> {
  const laptop = await openCommandLaptop(command, surroundings).catch(
    withWayTo('try again, or press Ctrl-C where it runs'),
  );
  const { runtime } = laptop;
  try {
    await runtime.cancel(id, 'terminal');
    await runtime.resume(id);
    return await runtime.whenEnded(id);
  } finally {
    await laptop.close();
  }
}

/** The other process gives its agents their grace; this one looks on. */
async function waitForEnd(command: Command, surroundings: Surroundings, id: ExecutionId): Promise<ExecutionView> {
  return lookInto(command, surroundings, async (reader) => {
    const ended = Promise.withResolvers<ExecutionView>();
    const still = surroundings.onTick(LOOKS_PER_SECOND, () => {
      reader.view(id).then((view) => {
        if (isTerminal(view.status)) ended.resolve(view);
      }, ended.reject);
    });
    return ended.promise.finally(still);
  });
}
