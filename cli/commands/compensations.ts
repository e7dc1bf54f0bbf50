import { InvalidRequestError } from '../../core/errors/index.ts';
import { listCompensationsHere, resolveCompensationHere } from '../compensations-here.ts';
import { deploymentOf, withPlaceOptions } from '../place.ts';
import { listCompensations, resolveCompensation, type Said } from '../remote/compensations.ts';
import { renderCompensations } from '../render/compensation-list.ts';
import { styleFor } from '../render/style.ts';
import { exitCodes, type Verb } from '../verb.ts';

interface Options {
  readonly json?: boolean;
  readonly why?: string;
}

export const compensationsVerb: Verb = {
  name: 'compensations',
  summary: 'show what a saga undoes; try it again, or say that it was done by hand or stays',
  example: 'skein compensations exec_01kav5q3zj8r1v5x2m6c9d4e7f retry pay --why "the bank has opened"',
  declare: (command) =>
    withPlaceOptions(command)
      .argument(
        '<what...>',
        'an execution, exec_…; then perhaps `retry`, `done` (it was undone by hand) or `skip` (its effect stays), and the path of a task',
      )
      .option('--why <text>', 'for those who ask later')
      .option('--json', 'print them as JSON'),

  async run(command, surroundings) {
    const [execution = '', action, task] = command.args;
    const { json, why } = command.opts<Options>();
    const { out, environment } = surroundings;
    const client = await deploymentOf(command, surroundings);
    const said = action === undefined ? undefined : saidOf({ action, task, why });
    if (said && client) await resolveCompensation(client, execution, said);
    else if (said) await resolveCompensationHere(command, surroundings, execution, said);
    const compensations = client
      ? await listCompensations(client, execution)
      : await listCompensationsHere(command, surroundings, execution);
    const next = said && !client ? `skein resume ${execution}` : undefined;
    if (json) out.write(`${JSON.stringify({ compensations, ...(next !== undefined && { next }) }, null, 2)}\n`);
    else if (compensations.length === 0) out.write('nothing to undo\n');
    else out.write(`${renderCompensations(compensations, styleFor(out, environment)).join('\n')}\n`);
    if (!json && next !== undefined) out.write(`it goes on with \`${next}\`\n`);
    return exitCodes.ok;
  },
};

function saidOf({ action, task, why }: Record<'action' | 'task' | 'why', string | undefined>): Said {
  if (action !== 'retry' && action !== 'done' && action !== 'skip')
    throw wrongUse(`there is no \`skein compensations <execution> ${action ?? ''}\``);
  if (task === undefined) throw wrongUse(`\`${action}\` needs the path of a task`);
  if (why === undefined) throw wrongUse(`\`${action}\` needs a reason: --why`);
  return { action, task, reason: why };
}

function wrongUse(message: string): InvalidRequestError {
  return new InvalidRequestError({
    code: 'wrong_use',
    message,
    hint: '`skein compensations <execution>` lists them; `skein compensations <execution> retry|done|skip <task> --why <text>` is about one',
  });
}
