import { requireDeployment, withProfileOption } from '../place.ts';
import { listApprovals } from '../remote/approvals.ts';
import { renderApprovals } from '../render/approval-list.ts';
import { styleFor } from '../render/style.ts';
import { exitCodes, type Verb } from '../verb.ts';

export const approvalsVerb: Verb = {
  name: 'approvals',
  summary: 'list what you may decide in a deployment, oldest first',
  example: 'skein approvals --profile prod',
  declare: (command) =>
    withProfileOption(command)
      .argument('[execution]', 'only those of this execution, exec_…')
      .option('--json', 'print them as JSON, each with what is to be decided and the form of the answer'),

  async run(command, surroundings) {
    const { out, environment } = surroundings;
    const client = await requireDeployment(command, surroundings);
    const approvals = await listApprovals(client, command.args[0]);
    if (command.opts<{ json?: boolean }>().json) out.write(`${JSON.stringify({ approvals }, null, 2)}\n`);
    else if (approvals.length === 0) out.write('nothing to decide\n');
    else out.write(`${renderApprovals(approvals, surroundings.now(), styleFor(out, environment)).join('\n')}\n`);
    return exitCodes.ok;
  },
};
