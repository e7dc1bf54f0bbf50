import { InvalidRequestError } from '../../core/errors/index.ts';
import { deploymentOf, withPlaceOptions } from '../place.ts';
import { changeInstanceHere, listPoolsHere } from '../pools-here.ts';
import { changeInstance, listPools, type ChangedInstance } from '../remote/pools.ts';
import { renderPools } from '../render/pool-list.ts';
import { styleFor } from '../render/style.ts';
import { exitCodes, type Verb } from '../verb.ts';
import { printLook, watch, type Look } from '../watch.ts';

export const poolsVerb: Verb = {
  name: 'pools',
  summary: 'show resource pools and rate limits, drain an instance, or open it again',
  example: 'skein pools drain shared-linters 2',
  declare: (command) =>
    withPlaceOptions(command)
      .argument(
        '[action...]',
        '`drain <pool> <instance>` lets an instance, a number from 0, finish what it has; `open` has it take tasks again',
      )
      .option('--watch', 'look once a second until Ctrl-C')
      .option('--json', 'print them as JSON; with `--watch` a line for each change'),

  async run(command, surroundings) {
    const { out, environment, now } = surroundings;
    const { json = false, watch: isWatched = false } = command.opts<{ json?: boolean; watch?: boolean }>();
    const wanted = command.args.length === 0 ? undefined : wantedOf(command.args, isWatched);
    const client = await deploymentOf(command, surroundings);
    if (wanted) {
      const done = await (client ? changeInstance(client, wanted) : changeInstanceHere(command, surroundings, wanted));
      if (json) out.write(`${JSON.stringify(done, null, 2)}\n`);
      else out.write(`${doneText(done)}\n`);
      return exitCodes.ok;
    }
    const look = async (): Promise<Look> => {
      const listed = await (client ? listPools(client) : listPoolsHere(command, surroundings));
      const isEmpty = listed.pools.length === 0 && listed.rates.length === 0;
      const lines = renderPools(listed, now(), styleFor(out, environment));
      return { value: listed, lines: isEmpty ? ['no task has used a pool or a rate'] : lines };
    };
    await (isWatched ? watch(surroundings, look, { json }) : printLook(out, await look(), { json }));
    return exitCodes.ok;
  },
};

function wantedOf([action, pool, instance]: readonly string[], isWatched: boolean): Omit<ChangedInstance, 'next'> {
  const isKnown = action === 'drain' || action === 'open';
  if (isKnown && !isWatched && pool !== undefined && instance !== undefined && /^\d{1,6}$/.test(instance))
    return { pool, instance: Number(instance), to: action === 'drain' ? 'closed' : 'opened' };
  throw new InvalidRequestError({
    code: 'wrong_use',
    message: wrongUse(action, { isKnown, isWatched }),
    hint: '`skein pools` lists them, `skein pools drain <pool> <instance>` drains one, `skein pools open <pool> <instance>` opens it',
  });
}

function wrongUse(
  action: string | undefined,
  { isKnown, isWatched }: { isKnown: boolean; isWatched: boolean },
): string {
  if (!isKnown) return `there is no \`skein pools ${action ?? ''}\``;
  return isWatched
    ? `\`--watch\` only shows, and cannot \`${action}\``
    : `\`skein pools ${action}\` needs a pool and the number of an instance`;
}

function doneText({ pool, instance, to, next }: ChangedInstance): string {
  const what =
    to === 'closed'
      ? `instance ${instance} of ${pool} finishes what it has, and gets no other task`
      : `instance ${instance} of ${pool} takes tasks`;
  return next === undefined ? what : `${what}; next: ${next}`;
}
