import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { z } from 'zod';
import { answerProblem } from '../../core/agents/index.ts';
import { InvalidRequestError } from '../../core/errors/index.ts';
import { parseJson, type Json } from '../../core/json/index.ts';
import { databasePath, requireDatabase } from '../open-database.ts';
import { withWayTo } from '../owned-database.ts';
import { deploymentOf, withPlaceOptions } from '../place.ts';
import { readText } from '../read-text.ts';
import { styleFor } from '../render/style.ts';
import type { Surroundings } from '../surroundings.ts';
import { exitCodes, type Verb } from '../verb.ts';

/** Who publishes, as the event tells it. */
const SOURCE = 'terminal';

export const emitVerb: Verb = {
  name: 'emit',
  summary: 'publish an event, for tasks that wait for it',
  example: `skein emit build.finished --data '{"commit": "1a2b3c"}'`,
  declare: (command) =>
    withPlaceOptions(command)
      .argument('<event>', 'its type', parseLabel)
      .option('--data <json>', 'its data, as JSON, or @ and the path of a JSON file', '{}')
      .option('--id <id>', 'publishing the same id again changes nothing; default: a new one', parseLabel)
      .option('--json', 'print what was published as JSON'),

  async run(command, surroundings) {
    const { out, environment, directory } = surroundings;
    const [type = ''] = command.args;
    const { data: given, id, json } = command.opts<{ data: string; id?: string; json?: boolean }>();
    const event = { type, data: readData(given, directory), ...(id !== undefined && { id }) };
    const emission = await emit(command, surroundings, event);
    if (json) {
      out.write(`${JSON.stringify(emission, null, 2)}\n`);
      return exitCodes.ok;
    }
    out.write(`${styleFor(out, environment)('good', 'published')} ${type}  ${emission.id}\n`);
    if (!emission.isHeard)
      out.write('no process runs executions here: who waits for it hears it after `skein resume`\n');
    return exitCodes.ok;
  },
};

interface GivenEvent {
  readonly type: string;
  readonly data: Json;
  readonly id?: string;
}

async function emit(command: Command, surroundings: Surroundings, event: GivenEvent) {
  const client = await deploymentOf(command, surroundings);
  if (client) {
    const request = { method: 'POST', path: '/api/v1/events', json: { ...event } } as const;
    const { event_id: id } = await client.json(request, z.object({ event_id: z.string() }));
    return { ...event, id, isHeard: true };
  }
  requireDatabase(command, surroundings);
  const { emitEvent } = await import('../../local/index.ts');
  const sourced = { source: SOURCE, ...event };
  return {
    ...sourced,
    ...(await emitEvent(databasePath(command, surroundings), sourced).catch(withWayTo('try again'))),
  };
}

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
