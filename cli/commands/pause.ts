import type { Command } from 'commander';
import { z } from 'zod';
import { executionId } from '../../core/ids/index.ts';
import { databasePath, openCommandLaptop, requireDatabase } from '../open-database.ts';
import { withWayTo } from '../owned-database.ts';
import { personOf } from '../person.ts';
import { deploymentOf, withPlaceOptions } from '../place.ts';
import type { ApiClient } from '../remote/client.ts';
import { styleFor } from '../render/style.ts';
import type { Surroundings } from '../surroundings.ts';
import { exitCodes, type Verb } from '../verb.ts';

const paused = z.object({ execution_id: z.string(), checkpoint_id: z.string(), resume_url: z.string().optional() });
type Paused = z.infer<typeof paused>;

export const pauseVerb: Verb = {
  name: 'pause',
  summary: 'pause an execution, with a checkpoint; what runs may finish',
  example: 'skein pause exec_01M7Z6SB7P2M4QMZEBVG80B9S1 --reason "wait for the release"',
  declare: (command) =>
    withPlaceOptions(command)
      .argument('<execution>', 'its id, exec_…')
      .option('--reason <text>', 'for those who find it paused')
      .option('--json', 'print the answer as JSON'),

  async run(command, surroundings) {
    const { out, environment } = surroundings;
    const [id = ''] = command.args;
    const { json } = command.opts<{ json?: boolean }>();
    const client = await deploymentOf(command, surroundings);
    const answer = client ? await pauseThere(client, command) : await pauseHere(command, surroundings);
    if (json) out.write(`${JSON.stringify(answer, null, 2)}\n`);
    else {
      const said = styleFor(out, environment)('good', 'paused');
      out.write(`${said} ${id}, checkpoint ${answer.checkpoint_id}\n\nnext\n  skein resume ${id}\n`);
    }
    return exitCodes.ok;
  },
};

function reasonOf(command: Command): { readonly reason?: string } {
  const { reason } = command.opts<{ reason?: string }>();
  return reason === undefined ? {} : { reason };
}

function pauseThere(client: ApiClient, command: Command): Promise<Paused> {
  const path = `/api/v1/executions/${encodeURIComponent(command.args[0] ?? '')}/pause`;
  return client.json({ method: 'POST', path, json: reasonOf(command) }, paused);
}

/** By the process that runs it, or where that has died in the database itself: then it stays paused until it is resumed. */
async function pauseHere(command: Command, surroundings: Surroundings): Promise<Paused> {
  const id = executionId(command.args[0] ?? '');
  requireDatabase(command, surroundings);
  const request = { by: personOf(surroundings), ...reasonOf(command) };
  const { pauseElsewhere } = await import('../../local/index.ts');
  const elsewhere = await pauseElsewhere(databasePath(command, surroundings), id, request);
  if (elsewhere) return { execution_id: id, checkpoint_id: elsewhere.checkpointId };
  const laptop = await openCommandLaptop(command, surroundings).catch(withWayTo('try again'));
  try {
    const { checkpointId } = await laptop.runtime.pause(id, request);
    return { execution_id: id, checkpoint_id: checkpointId };
  } finally {
    await laptop.close();
  }
}
