import { InvalidArgumentError } from 'commander';
import { executionStatuses } from '../../core/execution/index.ts';
import { lookAt, withPlaceOptions } from '../place.ts';
import { renderExecutions } from '../render/execution-list.ts';
import { styleFor } from '../render/style.ts';
import { exitCodes, type Verb } from '../verb.ts';

interface Options {
  readonly status?: string;
  readonly workflow?: string;
  readonly limit: number;
  readonly json?: boolean;
}

export const listVerb: Verb = {
  name: 'list',
  summary: 'list executions, newest first',
  example: 'skein list --status failed --limit 5',
  declare: (command) =>
    withPlaceOptions(command)
      .option('--status <status>', `only those that are ${executionStatuses.join(', ')}`, parseStatus)
      .option('--workflow <name>', 'only those of this workflow')
      .option('--limit <n>', 'at most this many', parseLimit, 20)
      .option('--json', 'print the views as JSON'),

  async run(command, surroundings) {
    const { out, environment } = surroundings;
    const { json, ...filter } = command.opts<Options>();
    const { limit, status, workflow } = filter;
    const wanted = { limit, ...(status !== undefined && { status }), ...(workflow !== undefined && { workflow }) };
    const views = await lookAt(command, surroundings, async (reader) => {
      const found = await reader.list(wanted);
      // Whole views, which a deployment does not list.
      return json ? Promise.all(found.map(({ execution }) => reader.view(execution))) : found;
    });
    if (json) out.write(`${JSON.stringify({ executions: views }, null, 2)}\n`);
    else if (views.length === 0) out.write('no executions\n');
    else out.write(`${renderExecutions(views, surroundings.now(), styleFor(out, environment)).join('\n')}\n`);
    return exitCodes.ok;
  },
};

function parseStatus(text: string): string {
  if ((executionStatuses as readonly string[]).includes(text)) return text;
  throw new InvalidArgumentError(`It is one of ${executionStatuses.join(', ')}.`);
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1) return limit;
  throw new InvalidArgumentError('It is a whole number from 1.');
}
