import { requireDeployment, withProfileOption } from '../place.ts';
import { decide } from '../remote/approvals.ts';
import { styleFor } from '../render/style.ts';
import { exitCodes, type Verb } from '../verb.ts';

export const rejectVerb: Verb = {
  name: 'reject',
  summary: 'reject what a workflow asks: its task fails',
  example: 'skein reject appr_01M7Z6SB7P2M4QMZEBVG80B9S1 --reason "not before Monday"',
  declare: (command) =>
    withProfileOption(command)
      .argument('<approval>', 'its id; `skein approvals` lists those that are open')
      .option('--reason <text>', 'becomes the message of the error')
      .option('--json', 'print the decision as JSON'),

  async run(command, surroundings) {
    const { out, environment } = surroundings;
    const [id = ''] = command.args;
    const { reason, json } = command.opts<{ reason?: string; json?: boolean }>();
    const client = await requireDeployment(command, surroundings);
    const decided = await decide(client, id, { decision: 'reject', ...(reason !== undefined && { reason }) });
    const said = `${styleFor(out, environment)('good', 'rejected')} ${id} as ${decided.decided_by}`;
    out.write(json ? `${JSON.stringify(decided, null, 2)}\n` : `${said}\n`);
    return exitCodes.ok;
  },
};
