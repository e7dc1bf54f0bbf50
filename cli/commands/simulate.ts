import { InvalidArgumentError, type Command } from 'commander';
import type { Source, Summary } from '../../simulation/index.ts';
import { readExecutionInput, type InputOptions } from '../execution-input.ts';
import { loadWorkflow, requireCompiled } from '../load-workflow.ts';
import { renderFailure, renderProgress, renderSummary } from '../render/simulation-report.ts';
import { styleFor } from '../render/style.ts';
import { refuseFindings } from '../report-findings.ts';
import type { Surroundings } from '../surroundings.ts';
import { exitCodes, type ExitCode, type Verb } from '../verb.ts';

interface Options extends InputOptions {
  readonly agents?: string;
  readonly seed: number;
  readonly runs?: number;
  readonly json?: boolean;
}

const RUNS = 100;

const HELP = `
Everything runs in one process and in simulated time: the engine and its functions, the
machines, timers and queues. Functions die, messages are lost, repeated and delayed,
services refuse or do not say what they did, clocks differ. Stand-ins answer for agents
and people: successes, failures and delays by the seed. The same seed is the same run.
With --runs the seeds from --seed on are played.`;

export const simulateVerb: Verb = {
  name: 'simulate',
  summary: 'play a workflow, or random ones, through crashes, losses and delays, and hold the engine to its promises',
  example: 'skein simulate workflow.yaml --runs 1000',
  declare: (command) =>
    command
      .argument('[file]', 'the definition; default: random workflows')
      .option('--seed <n>', 'what decides everything', parseSeed, 1)
      .option('--runs <n>', `seeds to play; default ${RUNS}, and 1 for one --seed`, parseRuns)
      .option('--agents <file>', 'the agent catalogue; default: agents.yaml beside the definition')
      .option('--input <key=value>', 'a member of the input; a value that is JSON is taken as such', collect, [])
      .option('--input-file <file>', 'a JSON object, the input')
      .option('--json', 'print the summary and the broken promises as JSON')
      .addHelpText('after', HELP),

  async run(command, surroundings) {
    const { runs, json = false, seed } = command.opts<Options>();
    const source = await sourceOf(command, surroundings);
    if (typeof source === 'number') return source;
    const isOne = command.getOptionValueSource('seed') === 'cli';
    const startedAt = surroundings.now();
    const summary = await playAll({ source, seed, runs: runs ?? (isOne ? 1 : RUNS), json }, surroundings);
    report({ summary, took: surroundings.now() - startedAt, json, file: command.args[0] }, surroundings);
    return summary.failures.length === 0 ? exitCodes.ok : exitCodes.workflow;
  },
};

async function sourceOf(command: Command, surroundings: Surroundings): Promise<Source | ExitCode> {
  const { oneWorkflow, randomWorkflows } = await import('../../simulation/index.ts');
  const [file] = command.args;
  if (file === undefined) return randomWorkflows();
  const { agents, json = false, ...input } = command.opts<Options>();
  const { directory } = surroundings;
  const values = readExecutionInput(input, directory);
  const loaded = await loadWorkflow({ file, ...(agents !== undefined && { agents }) }, { directory, forRun: true });
  if (!loaded.isValid) return refuseFindings(loaded, json, surroundings);
  return oneWorkflow(requireCompiled(loaded, file), values);
}

interface Playing {
  readonly source: Source;
  readonly seed: number;
  readonly runs: number;
  readonly json: boolean;
}

/** Milliseconds between two lines of progress. */
const REDRAW = 200;

/** Ctrl-C ends it after the run that goes on. */
async function playAll({ source, seed, runs, json }: Playing, surroundings: Surroundings): Promise<Summary> {
  const { simulate } = await import('../../simulation/index.ts');
  const { out, now, environment } = surroundings;
  const screen = out.isTerminal && !json ? await surroundings.openScreen() : undefined;
  const startedAt = now();
  let shownAt = -Infinity;
  let goesOn = true;
  const ignore = surroundings.onInterrupt(() => (goesOn = false));
  try {
    return await simulate({
      source,
      seed,
      runs,
      onRun: (summary) => {
        const took = now() - startedAt;
        if (screen && took - shownAt >= REDRAW) {
          screen.show([renderProgress({ summary, runs, took }, styleFor(out, environment))]);
          shownAt = took;
        }
        return goesOn;
      },
    });
  } finally {
    ignore();
    screen?.close();
  }
}

interface Played {
  readonly summary: Summary;
  /** Milliseconds. */
  readonly took: number;
  readonly json: boolean;
  readonly file: string | undefined;
}

function report({ summary, took, json, file }: Played, { out, environment }: Surroundings): void {
  const failures = summary.failures.map((failure) => ({ ...failure, again: commandOf(failure.seed, file) }));
  if (json) {
    out.write(`${JSON.stringify({ ...summary, milliseconds: Math.round(took), failures }, null, 2)}\n`);
    return;
  }
  const style = styleFor(out, environment);
  const lines = [
    ...failures.flatMap((failure) => renderFailure(failure, style)),
    ...renderSummary(summary, took, style),
  ];
  out.write(`${lines.join('\n')}\n`);
}

function commandOf(seed: number, file: string | undefined): string {
  return ['skein simulate', ...(file === undefined ? [] : [file]), `--seed ${seed}`].join(' ');
}

function collect(pair: string, pairs: readonly string[]): readonly string[] {
  return [...pairs, pair];
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new InvalidArgumentError('It is a whole number from 0.');
}

function parseRuns(text: string): number {
  const runs = Number(text);
  if (Number.isSafeInteger(runs) && runs >= 1) return runs;
  throw new InvalidArgumentError('It is a whole number from 1.');
}
