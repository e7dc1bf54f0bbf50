import { executionId } from '../../core/ids/index.ts';
import { lookAt, withPlaceOptions } from '../place.ts';
import { alignColumns, cell } from '../render/columns.ts';
import { counted } from '../render/numbers.ts';
import { styleFor } from '../render/style.ts';
import { exitCodes, type Verb } from '../verb.ts';

export const verifyHistoryVerb: Verb = {
  name: 'verify-history',
  summary: "hold an execution's recorded history against the engine's promises",
  example: 'skein verify-history exec_01M7Z6SB7P2M4QMZEBVG80B9S1',
  declare: (command) =>
    withPlaceOptions(command)
      .argument('<execution>', 'its id, exec_…')
      .option('--json', 'print the violations as JSON'),

  async run(command, surroundings) {
    const { out, environment } = surroundings;
    const id = executionId(command.args[0] ?? '');
    const { events, violations } = await lookAt(command, surroundings, async (reader) => ({
      events: (await reader.events(id)).length,
      violations: await reader.verify(id),
    }));
    const style = styleFor(out, environment);
    if (command.opts<{ json?: boolean }>().json) {
      out.write(`${JSON.stringify({ execution: id, events, violations }, null, 2)}\n`);
    } else if (violations.length === 0) {
      out.write(`${style('good', 'every promise holds')} over ${counted(events, 'event')} of ${id}\n`);
    } else {
      const rows = violations.map(({ promise, name, path, message }) => [
        cell(`promise ${promise}`),
        cell(name, style('bad', name)),
        cell(path),
        cell(message),
      ]);
      out.write(`${alignColumns(rows).join('\n')}\n`);
    }
    return violations.length === 0 ? exitCodes.ok : exitCodes.workflow;
  },
};
