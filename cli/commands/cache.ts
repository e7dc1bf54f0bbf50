import { InvalidRequestError } from '../../core/errors/index.ts';
import { clearCacheHere, listCachesHere } from '../caches-here.ts';
import { deploymentOf, withPlaceOptions } from '../place.ts';
import { clearCache, listCaches } from '../remote/caches.ts';
import { renderCaches } from '../render/cache-list.ts';
import { counted } from '../render/numbers.ts';
import { exitCodes, type Verb } from '../verb.ts';

export const cacheVerb: Verb = {
  name: 'cache',
  summary: 'show what answers are kept, or clear them because they are not good any more',
  example: 'skein cache clear review/scan',
  declare: (command) =>
    withPlaceOptions(command)
      .argument('[action]', '`clear` has the next call made again')
      .argument('[what]', 'a workflow, or one task of it: `review`, `review/scan`')
      .option('--all', 'with `clear`: of all workflows')
      .option('--json', 'print them as JSON'),

  async run(command, surroundings) {
    const { out } = surroundings;
    const [action, what] = command.args;
    const { json = false, all = false } = command.opts<{ json?: boolean; all?: boolean }>();
    const client = await deploymentOf(command, surroundings);
    const list = () => (client ? listCaches(client) : listCachesHere(command, surroundings));
    if (action === undefined && !all) {
      const caches = await list();
      if (json) out.write(`${JSON.stringify({ caches }, null, 2)}\n`);
      else out.write(`${renderCaches(caches).join('\n')}\n`);
      return exitCodes.ok;
    }
    if (action !== 'clear' || (what === undefined) !== all) throw wrongUse(action);
    const [name = '', task] = (what ?? '').split('/', 2);
    const names = all ? (await list()).map(({ workflow_id }) => workflow_id) : [name];
    const cleared = [];
    for (const workflow of names) {
      const one = client
        ? clearCache(client, workflow, task)
        : clearCacheHere(command, surroundings, { workflow, task });
      cleared.push(await one);
    }
    if (json) out.write(`${JSON.stringify({ cleared }, null, 2)}\n`);
    else
      for (const it of cleared)
        out.write(`${[it.workflow_id, it.task ?? []].flat().join('/')}: ${counted(it.cleared, 'answer')} cleared\n`);
    return exitCodes.ok;
  },
};

function wrongUse(action: string | undefined): InvalidRequestError {
  return new InvalidRequestError({
    code: 'wrong_use',
    message:
      action === 'clear'
        ? '`skein cache clear` needs a workflow, one task of it, or `--all`, and one of them only'
        : action === undefined
          ? '`--all` belongs to `skein cache clear`'
          : `there is no \`skein cache ${action}\``,
    hint: '`skein cache` lists them, `skein cache clear <workflow>/<task>` clears those of a task',
  });
}
