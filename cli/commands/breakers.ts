import { InvalidRequestError } from '../../core/errors/index.ts';
import { listBreakersHere, resetBreakerHere } from '../breakers-here.ts';
import { deploymentOf, withPlaceOptions } from '../place.ts';
import { listBreakers, resetBreaker } from '../remote/breakers.ts';
import { renderBreakers } from '../render/breaker-list.ts';
import { styleFor } from '../render/style.ts';
import { exitCodes, type Verb } from '../verb.ts';

export const breakersVerb: Verb = {
  name: 'breakers',
  summary: 'show circuit breakers, or close one because its agent is well again',
  example: 'skein breakers reset search_agent',
  declare: (command) =>
    withPlaceOptions(command)
      .argument('[action]', '`reset` closes the breaker of an agent type')
      .argument('[agent]', 'the agent type')
      .option('--json', 'print them as JSON'),

  async run(command, surroundings) {
    const { out, environment } = surroundings;
    const [action, agent] = command.args;
    const json = command.opts<{ json?: boolean }>().json === true;
    const client = await deploymentOf(command, surroundings);
    if (action !== undefined) {
      if (action !== 'reset' || agent === undefined) throw wrongUse(action);
      const done = await (client ? resetBreaker(client, agent) : resetBreakerHere(command, surroundings, agent));
      if (json) out.write(`${JSON.stringify(done, null, 2)}\n`);
      else out.write(`the breaker of ${agent} is closed${done.next === undefined ? '' : `; next: ${done.next}`}\n`);
      return exitCodes.ok;
    }
    const breakers = await (client ? listBreakers(client) : listBreakersHere(command, surroundings));
    if (json) out.write(`${JSON.stringify({ breakers }, null, 2)}\n`);
    else if (breakers.length === 0) out.write('no breaker has counted a failure\n');
    else out.write(`${renderBreakers(breakers, surroundings.now(), styleFor(out, environment)).join('\n')}\n`);
    return exitCodes.ok;
  },
};

function wrongUse(action: string): InvalidRequestError {
  return new InvalidRequestError({
    code: 'wrong_use',
    message:
      action === 'reset' ? '`skein breakers reset` needs an agent type' : `there is no \`skein breakers ${action}\``,
    hint: '`skein breakers` lists them, `skein breakers reset <agent>` closes one',
  });
}
