import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Argument } from 'commander';
import { InvalidRequestError } from '../../core/errors/index.ts';
import { parseJson, type Json } from '../../core/json/index.ts';
import type { MachineFault, MachineResult } from '../../local/index.ts';
import { fileError } from '../file-error.ts';
import { renderComplaint } from '../render/error-text.ts';
import { createMachineTeller, renderMachineEnd } from '../render/machine-history.ts';
import { styleFor } from '../render/style.ts';
import type { Surroundings } from '../surroundings.ts';
import { exitCodes, type ExitCode, type Verb } from '../verb.ts';

interface Options {
  readonly input?: string;
  readonly stubs?: string;
  readonly history?: boolean;
  readonly json?: boolean;
}

const HELP = `
Stubs are a JSON object: by state name, by Resource, or "*" for every other task,
  { "output": … }                    what the task gives, as $states.result has it
  { "error": "Name", "cause": "…" }  how it fails
each with "delay" in seconds if it takes time, and "submitted" for what the service
answers before a token or an end comes. A list is for one call after the other.
Time is simulated: an hour of waiting takes none.`;

export const aslVerb: Verb = {
  name: 'asl',
  summary: 'run a state machine by itself (asl run), with stubs in place of its tasks',
  example: 'skein asl run machine.asl.json --stubs stubs.json --input \'{"name": "Ada"}\'',
  declare: (command) =>
    command
      .addArgument(new Argument('<action>', 'what to do').choices(['run']))
      .argument('<machine>', 'a file in the States Language, in JSONata')
      .option('--input <json|file>', 'the input, as JSON or in a file; default {}')
      .option('--stubs <file>', 'what the tasks answer')
      .option('--history', 'print every event, with its details')
      .option('--json', 'print how it ends as JSON, with --history its events as well')
      .addHelpText('after', HELP),

  async run(command, surroundings) {
    const [, file = ''] = command.args;
    const options = command.opts<Options>();
    const { createStubs, readMachine, runStubbed } = await import('../../local/index.ts');
    const read = readMachine(readJson(file, surroundings));
    if ('faults' in read) return complainOfMachine(file, read.faults, options, surroundings);

    const { out, environment } = surroundings;
    const teller = createMachineTeller(styleFor(out, environment), options.history === true);
    const startedAt = surroundings.now();
    let lastAt = startedAt;
    const result = await runStubbed({
      machine: read.machine,
      name: basename(file).replace(/(\.asl)?\.json$/, ''),
      input: readInput(options.input, surroundings),
      stubs: createStubs(
        options.stubs === undefined ? {} : readJson(options.stubs, surroundings),
        options.stubs ?? '--stubs',
      ),
      startedAt,
      onHistory: (event) => {
        lastAt = event.timestamp;
        const line = options.json ? undefined : teller.lineOf(event);
        if (line !== undefined) out.write(`${line}\n`);
      },
    });
    reportEnd(result, lastAt - startedAt, options, surroundings);
    return result.status === 'SUCCEEDED' ? exitCodes.ok : exitCodes.workflow;
  },
};

function reportEnd(result: MachineResult, took: number, options: Options, { out, environment }: Surroundings): void {
  if (!options.json) {
    out.write(`${renderMachineEnd(result, took, styleFor(out, environment)).join('\n')}\n`);
    return;
  }
  const { history, ...end } = result;
  out.write(`${JSON.stringify({ ...end, milliseconds: took, ...(options.history && { history }) }, null, 2)}\n`);
}

/** Everything that is wrong with it, each with place and fix. */
function complainOfMachine(
  file: string,
  faults: readonly MachineFault[],
  { json }: Options,
  { out, err, environment }: Surroundings,
): ExitCode {
  const complaints = faults.map(({ code, message, place, hint }) => ({
    code,
    message,
    place: `${file} ${place}`,
    next: hint,
  }));
  if (json) out.write(`${JSON.stringify({ errors: complaints }, null, 2)}\n`);
  else for (const complaint of complaints) err.write(renderComplaint(complaint, styleFor(err, environment)));
  return exitCodes.workflow;
}

/** JSON, or the path of a file that holds some. */
function readInput(given: string | undefined, surroundings: Surroundings): Json {
  if (given === undefined) return {};
  const isFile = existsSync(resolve(surroundings.directory, given));
  return isFile ? readJson(given, surroundings) : jsonOf(given, '--input');
}

function readJson(file: string, { directory }: Surroundings): Json {
  const path = resolve(directory, file);
  try {
    return jsonOf(readFileSync(path, 'utf8'), file);
  } catch (error) {
    if (error instanceof InvalidRequestError) throw error;
    throw fileError(error, path, 'give the path of a JSON file');
  }
}

function jsonOf(text: string, place: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const hint =
      place === '--input'
        ? 'write JSON, or name a file that is there'
        : 'correct it at the place that the message names';
    throw new InvalidRequestError({
      code: 'not_json',
      message: `this is not JSON: ${reason}`,
      hint,
      details: { place },
      cause: error,
    });
  }
}
