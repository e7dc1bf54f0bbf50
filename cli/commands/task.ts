import { InvalidRequestError } from '../../core/errors/index.ts';
import { manualActions, type ManualAction } from '../../core/execution/index.ts';
import { actHere, type Acted } from '../act-here.ts';
import { readExecutionInput } from '../execution-input.ts';
import { deploymentOf, withPlaceOptions } from '../place.ts';
import { actOnTask } from '../remote/act-on-task.ts';
import { styleFor } from '../render/style.ts';
import type { Surroundings } from '../surroundings.ts';
import { exitCodes, type Verb } from '../verb.ts';

interface Options {
  readonly output: readonly string[];
  readonly outputFile?: string;
  readonly reason?: string;
  readonly request?: string;
  readonly json?: boolean;
}

export const taskVerb: Verb = {
  name: 'task',
  summary: 'act on one task by hand: retry, skip, fail or complete it',
  example: 'skein task retry exec_01M7Z6SB7P2M4QMZEBVG80B9S1 publish --reason "the registry is up again"',
  declare: (command) =>
    withPlaceOptions(command)
      .argument('<action>', '`retry`, `skip`, `fail` or `complete`')
      .argument('<execution>', 'its id, exec_…')
      .argument('<task>', 'the path of the task, as `skein status` shows it')
      .option('--reason <text>', 'for the history')
      .option('--output <key=value>', 'of `complete`: a member of the output', collect, [])
      .option('--output-file <file>', 'of `complete`: a JSON object, the output')
      .option('--request <id>', 'an id of your own: the same request acts once')
      .option('--json', 'print what was done as JSON'),

  async run(command, surroundings) {
    const [given = '', execution = '', task = ''] = command.args;
    const { output: input, outputFile: inputFile, reason, request, json = false } = command.opts<Options>();
    const action = actionOf(given);
    const hasOutput = input.length > 0 || inputFile !== undefined;
    if (hasOutput !== (action === 'complete')) throw wrongOutput(action);
    const acting = {
      action,
      execution,
      task,
      ...(reason !== undefined && { reason }),
      ...(hasOutput && {
        output: readExecutionInput({ input, ...(inputFile !== undefined && { inputFile }) }, surroundings.directory),
      }),
      request: request ?? surroundings.newKey(),
    };
    const client = await deploymentOf(command, surroundings);
    report(await (client ? actOnTask(client, acting) : actHere(command, surroundings, acting)), json, surroundings);
    return exitCodes.ok;
  },
};

const done: Readonly<Record<ManualAction, string>> = {
  retry: 'tries again',
  skip: 'skipped',
  fail: 'failed',
  complete: 'completed',
};

function report(acted: Acted, json: boolean, { out, environment }: Surroundings): void {
  if (json) return out.write(`${JSON.stringify(acted, null, 2)}\n`);
  const { action, execution_id: execution, task, by, next } = acted;
  const said = styleFor(out, environment)(action === 'fail' ? 'bad' : 'good', done[action]);
  const rest = next === undefined ? '' : `\nno process runs the execution\n\nnext\n  ${next}\n`;
  out.write(`${said} ${task} of ${execution} as ${by}\n${rest}`);
}

function actionOf(text: string): ManualAction {
  const action = manualActions.find((it) => it === text);
  if (action) return action;
  throw new InvalidRequestError({
    code: 'wrong_use',
    message: `there is no \`skein task ${text}\``,
    hint: `the actions are ${manualActions.join(', ')}`,
  });
}

function wrongOutput(action: ManualAction): InvalidRequestError {
  const message =
    action === 'complete'
      ? '`skein task complete` needs the output: `--output key=value` or `--output-file`'
      : `\`skein task ${action}\` takes no output: only \`complete\` does`;
  return new InvalidRequestError({ code: 'wrong_use', message });
}

function collect(pair: string, pairs: readonly string[]): readonly string[] {
  return [...pairs, pair];
}
