import { executionId, taskPath } from '../../core/ids/index.ts';
import { lookAt, withPlaceOptions } from '../place.ts';
import { renderExplanation } from '../render/explanation.ts';
import { styleFor } from '../render/style.ts';
import { exitCodes, type Verb } from '../verb.ts';

export const explainVerb: Verb = {
  name: 'explain',
  summary: 'say why an execution or a task waits or failed, and what must happen next',
  example: 'skein explain exec_01M7Z6SB7P2M4QMZEBVG80B9S1 write',
  declare: (command) =>
    withPlaceOptions(command)
      .argument('<execution>', 'its id, exec_…')
      .argument('[task]', 'the path of one of its tasks, like lint or research[2]')
      .option('--json', 'print the explanation as JSON'),

  async run(command, surroundings) {
    const { out, environment } = surroundings;
    const [id = '', path] = command.args;
    const explanation = await lookAt(command, surroundings, (reader) =>
      reader.explain(executionId(id), path === undefined ? undefined : taskPath(path), surroundings.now()),
    );
    if (command.opts<{ json?: boolean }>().json) out.write(`${JSON.stringify(explanation, null, 2)}\n`);
    else out.write(`${renderExplanation(explanation, styleFor(out, environment)).join('\n')}\n`);
    return exitCodes.ok;
  },
};
