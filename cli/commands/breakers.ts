import { InvalidRequestError } from '../../core/errors/index.ts';
import { listBreakersHere, resetBreakerHere } from '../breakers-here.ts';
import { deploymentOf, withPlaceOptions } from '../place.ts';
import { listBreakers, resetBreaker } from '../remote/breakers.ts';
import { renderBreakers } from '../render/breaker-list.ts';
import { styleFor } from '../render/style.ts';
import { exitCodes, type Verb } from '../verb.ts';
import { printLook, watch, type Look } from '../watch.ts';

export const breakersVerb: Verb = {
  name: 'breakers',
  summary: 'show circuit breakers, or close one because its agent is well again',
  example: 'skein breakers reset search_agent',
  declare: (command) =>
    withPlaceOptions(command)
      .argument('[action]', '`reset` closes the breaker of an agent type')
      .argument('[agent]', 'the agent type')
      .option('--watch', 'look once a second until Ctrl-C')
      .option('--json', 'print them as JSON; with `--watch` a line for each change'),

  async run(command, surroundings) {
    const { out, environment, now } = surroundings;
    const [action, agent] = command.args;
    const { json = false, watch: isWatched = false } = command.opts<{ json?: boolean; watch?: boolean }>();
    const client = await deploymentOf(command, surroundings);
    if (action !== undefined) {
      if (action !== 'reset' || agent === undefined || isWatched) throw wrongUse(action, isWatched);
      const done = await (client ? resetBreaker(client, agent) : resetBreakerHere(command, surroundings, agent));
      if (json) out.write(`${JSON.stringify(done, null, 2)}\n`);
      else out.write(`the breaker of ${agent} is closed${done.next === undefined ? '' : `; next: ${done.next}`}\n`);
      return exitCodes.ok;
    }
    const look = async (): Promise<Look> => {
      const breakers = await (client ? listBreakers(client) : listBreakersHere(command, surroundings));
      const lines = renderBreakers(breakers, now(), styleFor(out, environment));
      return { value: { breakers }, lines: breakers.length === 0 ? ['no breaker has counted a failure'] : lines };
    };
    await (isWatched ? watch(surroundings, look, { json }) : printLook(out, await look(), { json }));
    return exitCodes.ok;
  },
};

function wrongUse(action: string, isWatched: boolean): InvalidRequestError {
  if (isWatched) {
    return new InvalidRequestError({ code: 'wrong_use', message: `\`--watch\` only shows, and cannot \`${action}\`` });
  }
  return new InvalidRequestError({
    code: 'wrong_use',
    message:
      action === 'reset' ? '`skein breakers reset` needs an agent type' : `there is no \`skein breakers ${action}\``,
    hint: '`skein breakers` lists them, `skein breakers reset <agent>` closes one',
  });
}
