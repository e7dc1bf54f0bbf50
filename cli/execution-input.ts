import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidRequestError } from '../core/errors/index.ts';
import { isJsonObject, parseJson, type Json, type JsonObject } from '../core/json/index.ts';
import { fileError } from './file-error.ts';

export interface InputOptions {
  /** `key=value` */
  readonly input: readonly string[];
  readonly inputFile?: string;
}

/** The execution's input: the file's object, with what the command line says on top. */
export function readExecutionInput({ input, inputFile }: InputOptions, directory: string): JsonObject {
  const fromFile = inputFile === undefined ? {} : readObject(resolve(directory, inputFile));
  return { ...fromFile, ...Object.fromEntries(input.map(parsePair)) };
}

function parsePair(pair: string): [string, Json] {
  const cut = pair.indexOf('=');
  if (cut > 0) return [pair.slice(0, cut), parseValue(pair.slice(cut + 1))];
  throw new InvalidRequestError({
    code: 'bad_input',
    message: 'an input is written as key=value',
    hint: 'for example: --input name=Ada --input depth=3, or --input-file input.json',
    details: { place: `--input ${pair}` },
  });
}

/** What is JSON is taken as it is (3, true, ["a"]); everything else is text, so that nobody has to quote twice. */
function parseValue(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

function readObject(path: string): JsonObject {
  const text = readText(path);
  const value = jsonOf(text, path);
  if (isJsonObject(value)) return value;
  throw new InvalidRequestError({
    code: 'bad_input_file',
    message: 'the input file holds no JSON object',
    hint: 'write it as { "key": value, … }',
    details: { place: path },
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw fileError(error, path, 'give the path of a JSON file with --input-file');
  }
}

function jsonOf(text: string, path: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    throw new InvalidRequestError({
      code: 'bad_input_file',
      message: `the input file is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      hint: 'correct it at the place that the message names',
      details: { place: path },
      cause: error,
    });
  }
}
