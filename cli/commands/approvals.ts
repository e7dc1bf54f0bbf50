import { listApprovalsHere } from '../decide-here.ts';
import { deploymentOf, withPlaceOptions } from '../place.ts';
import { listApprovals } from '../remote/approvals.ts';
import { renderApprovals } from '../render/approval-list.ts';
import { styleFor } from '../render/style.ts';
import { exitCodes, type Verb } from '../verb.ts';

export const approvalsVerb: Verb = {
  name: 'approvals',
  summary: 'list what people have to decide, oldest first; in a deployment what you may',
  example: 'skein approvals',
  declare: (command) =>
    withPlaceOptions(command)
      .argument('[execution]', 'only those of this execution, exec_…')
      .option('--json', 'print them as JSON, each with what is to be decided and the form of the answer'),

  async run(command, surroundings) {
    const { out, environment } = surroundings;
    const [execution] = command.args;
    const client = await deploymentOf(command, surroundings);
    const approvals = client
      ? await listApprovals(client, execution)
      : await listApprovalsHere(command, surroundings, execution);
    if (command.opts<{ json?: boolean }>().json) out.write(`${JSON.stringify({ approvals }, null, 2)}\n`);
    else if (approvals.length === 0) out.write('nothing to decide\n');
    else out.write(`${renderApprovals(approvals, surroundings.now(), styleFor(out, environment)).join('\n')}\n`);
    return exitCodes.ok;
  },
};
