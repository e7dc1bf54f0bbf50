import { executionId } from '../../core/ids/index.ts';
import { lookAt, withPlaceOptions } from '../place.ts';
import { renderEvents } from '../render/event-line.ts';
import { styleFor } from '../render/style.ts';
import { exitCodes, type Verb } from '../verb.ts';

export const eventsVerb: Verb = {
  name: 'events',
  summary: 'print the events of an execution in their order',
  example: 'skein events exec_01M7Z6SB7P2M4QMZEBVG80B9S1',
  declare: (command) =>
    withPlaceOptions(command)
      .argument('<execution>', 'its id, exec_…')
      .option('--json', 'print one JSON object for each event, on a line of its own'),

  async run(command, surroundings) {
    const { out, environment } = surroundings;
    const [id = ''] = command.args;
    const events = await lookAt(command, surroundings, (reader) => reader.events(executionId(id)));
    const lines = command.opts<{ json?: boolean }>().json
      ? events.map((event) => JSON.stringify(event))
      : renderEvents(events, styleFor(out, environment));
    out.write(`${lines.join('\n')}\n`);
    return exitCodes.ok;
  },
};
