import { z } from 'zod';
import { requireDeployment, withProfileOption } from '../place.ts';
import { styleFor } from '../render/style.ts';
import { exitCodes, type Verb } from '../verb.ts';

const paused = z.object({ execution_id: z.string(), checkpoint_id: z.string(), resume_url: z.string() });

export const pauseVerb: Verb = {
  name: 'pause',
  summary: 'pause an execution of a deployment, with a checkpoint; what runs may finish',
  example: 'skein pause exec_01M7Z6SB7P2M4QMZEBVG80B9S1 --reason "wait for the release"',
  declare: (command) =>
    withProfileOption(command)
      .argument('<execution>', 'its id, exec_…')
      .option('--reason <text>', 'for those who find it paused')
      .option('--json', 'print the answer as JSON'),

  async run(command, surroundings) {
    const { out, environment } = surroundings;
    const [id = ''] = command.args;
    const { reason, json } = command.opts<{ reason?: string; json?: boolean }>();
    const client = await requireDeployment(command, surroundings);
    const path = `/api/v1/executions/${encodeURIComponent(id)}/pause`;
    const body = reason === undefined ? {} : { reason };
    const answer = await client.json({ method: 'POST', path, json: body }, paused);
    if (json) out.write(`${JSON.stringify(answer, null, 2)}\n`);
    else {
      const said = styleFor(out, environment)('good', 'paused');
      out.write(`${said} ${id}, checkpoint ${answer.checkpoint_id}\n\nnext\n  skein resume ${id}\n`);
    }
    return exitCodes.ok;
  },
};
