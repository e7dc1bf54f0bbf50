import { lookAt, withPlaceOptions } from '../place.ts';
import { styleFor } from '../render/style.ts';
import { renderVersions } from '../render/version-list.ts';
import { exitCodes, type Verb } from '../verb.ts';

export const workflowsVerb: Verb = {
  name: 'workflows',
  summary: 'list the published versions of workflows',
  example: 'skein workflows deep-scan',
  declare: (command) =>
    withPlaceOptions(command)
      .argument('[name]', 'only the versions of this workflow')
      .option('--json', 'print the versions as JSON'),

  async run(command, surroundings) {
    const { out, environment } = surroundings;
    const [wanted] = command.args;
    const published = await lookAt(command, surroundings, (reader) => reader.workflows());
    const versions = published.filter(({ name }) => wanted === undefined || name === wanted);
    if (command.opts<{ json?: boolean }>().json) out.write(`${JSON.stringify({ workflows: versions }, null, 2)}\n`);
    else if (versions.length === 0) out.write('no published versions\n');
    else out.write(`${renderVersions(versions, styleFor(out, environment)).join('\n')}\n`);
    return exitCodes.ok;
  },
};
