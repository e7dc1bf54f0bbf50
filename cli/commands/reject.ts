import { decideHere } from '../decide-here.ts';
import { deploymentOf, withPlaceOptions } from '../place.ts';
import { decide } from '../remote/approvals.ts';
import { reportDecision } from '../report-decision.ts';
import { exitCodes, type Verb } from '../verb.ts';

export const rejectVerb: Verb = {
  name: 'reject',
  summary: 'reject what a workflow asks: its task fails',
  example: 'skein reject apr_ZXhlY18wMU0 --reason "not before Monday"',
  declare: (command) =>
    withPlaceOptions(command)
      .argument('<approval>', 'its id; `skein approvals` lists those that are open')
      .option('--reason <text>', 'becomes the message of the error')
      .option('--json', 'print the decision as JSON'),

  async run(command, surroundings) {
    const [id = ''] = command.args;
    const { reason, json = false } = command.opts<{ reason?: string; json?: boolean }>();
    const said = { decision: 'reject', ...(reason !== undefined && { reason }) } as const;
    const client = await deploymentOf(command, surroundings);
    const decided = await (client ? decide(client, id, said) : decideHere(command, surroundings, id, said));
    reportDecision(decided, json, surroundings);
    return exitCodes.ok;
  },
};
