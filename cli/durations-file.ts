import { resolve } from 'node:path';
import { didYouMean } from '../core/diagnostics/index.ts';
import { InvalidRequestError } from '../core/errors/index.ts';
import { isTimed } from '../core/forecast/index.ts';
import { isJsonObject, parseJson, type Json } from '../core/json/index.ts';
import type { Plan } from '../core/plan/index.ts';
import { readText } from './read-text.ts';

const HINT = 'the file holds seconds by task id: { "lint": 40, "scan": 1.5 }';

/** Seconds by task id, as somebody has declared them. Throws InvalidRequestError for a file that says something else. */
export function readDurations(file: string, directory: string, plan: Plan): ReadonlyMap<string, number> {
  const value = jsonOf(readText(resolve(directory, file), HINT), file);
  if (!isJsonObject(value)) throw badDurations(file, 'this is no JSON object');
  const timed = plan.tasks.filter(isTimed).map(({ id }) => id);
  const declared = new Map<string, number>();
  for (const [id, seconds] of Object.entries(value)) {
    if (!timed.includes(id)) throw unknownTask(file, id, plan, timed);
    if (typeof seconds !== 'number' || seconds < 0) throw badDurations(file, `\`${id}\` is no number of seconds`);
    declared.set(id, seconds);
  }
  return declared;
}

function jsonOf(text: string, file: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    throw badDurations(file, `this is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function unknownTask(file: string, id: string, { tasks }: Plan, timed: readonly string[]): InvalidRequestError {
  const known = tasks.find((task) => task.id === id);
  if (known) return badDurations(file, `\`${id}\` takes no time of its own; say what the tasks inside it take`);
  const meant = didYouMean(id, timed);
  return badDurations(file, `there is no task \`${id}\``, meant === undefined ? HINT : `did you mean \`${meant}\`?`);
}

function badDurations(file: string, message: string, hint = HINT): InvalidRequestError {
  return new InvalidRequestError({ code: 'bad_durations', message, hint, details: { place: file } });
}
