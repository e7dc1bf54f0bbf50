import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { answerProblem } from '../../core/agents/index.ts';
import { InvalidRequestError } from '../../core/errors/index.ts';
import { parseJson, type Json } from '../../core/json/index.ts';
import { databasePath, requireDatabase, withDatabaseOption } from '../open-database.ts';
import { withWayTo } from '../owned-database.ts';
import { readText } from '../read-text.ts';
import { styleFor } from '../render/style.ts';
import { exitCodes, type Verb } from '../verb.ts';

/** Who publishes, as the event tells it. */
const SOURCE = 'terminal';

export const emitVerb: Verb = {
  name: 'emit',
  summary: 'publish an event, for tasks that wait for it',
  example: `skein emit build.finished --data '{"commit": "1a2b3c"}'`,
  declare: (command) =>
    withDatabaseOption(command)
      .argument('<event>', 'its type', parseLabel)
      .option('--data <json>', 'its data, as JSON, or @ and the path of a JSON file', '{}')
      .option('--id <id>', 'publishing the same id again changes nothing; default: a new one', parseLabel)
      .option('--json', 'print what was published as JSON'),

  async run(command, surroundings) {
    const { out, environment, directory } = surroundings;
    const [type = ''] = command.args;
    const { data: given, id, json } = command.opts<{ data: string; id?: string; json?: boolean }>();
    requireDatabase(command, surroundings);
    const data = readData(given, directory);
    const { emitEvent } = await import('../../local/index.ts');
    const event = { type, source: SOURCE, data, ...(id !== undefined && { id }) };
    const emission = await emitEvent(databasePath(command, surroundings), event).catch(withWayTo('try again'));
    if (json) {
      out.write(`${JSON.stringify({ ...event, ...emission }, null, 2)}\n`);
      return exitCodes.ok;
    }
    out.write(`${styleFor(out, environment)('good', 'published')} ${type}  ${emission.id}\n`);
    if (!emission.isHeard)
      out.write('no process runs executions here: who waits for it hears it after `skein resume`\n');
    return exitCodes.ok;
  },
};

/** As the process that owns the database would have it. */
const LONGEST_LABEL = 200;

function parseLabel(text: string): string {
  if (text !== '' && text.length <= LONGEST_LABEL) return text;
  throw new InvalidArgumentError(`It has 1 to ${LONGEST_LABEL} characters.`);
}

function readData(given: string, directory: string): Json {
  const path = given.startsWith('@') ? resolve(directory, given.slice(1)) : undefined;
  const text = path === undefined ? given : readText(path, 'give the path of a JSON file after the @');
  const place = path ?? `--data ${given}`;
  let data: Json;
  try {
    data = parseJson(text);
  } catch (error) {
    throw badData(`the data is not JSON: ${error instanceof Error ? error.message : String(error)}`, place);
  }
  const problem = answerProblem(data);
  if (problem !== undefined) throw badData(`the data cannot be taken: ${problem}`, place);
  return data;
}

function badData(message: string, place: string): InvalidRequestError {
  const hint = `for example: --data '{"commit": "1a2b3c"}', or --data @event.json`;
  return new InvalidRequestError({ code: 'bad_data', message, hint, details: { place } });
}
