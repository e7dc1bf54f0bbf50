import { readExecutionInput } from '../execution-input.ts';
import { requireDeployment, withProfileOption } from '../place.ts';
import { decide } from '../remote/approvals.ts';
import { styleFor } from '../render/style.ts';
import { exitCodes, type Verb } from '../verb.ts';

interface Options {
  readonly output: readonly string[];
  readonly outputFile?: string;
  readonly json?: boolean;
}

export const approveVerb: Verb = {
  name: 'approve',
  summary: 'approve what a workflow asks, with the answer that its form wants',
  example: 'skein approve appr_01M7Z6SB7P2M4QMZEBVG80B9S1 --output comment=fine',
  declare: (command) =>
    withProfileOption(command)
      .argument('<approval>', 'its id; `skein approvals` lists those that are open')
      .option('--output <key=value>', 'a member of the answer; a value that is JSON is taken as such', collect, [])
      .option('--output-file <file>', 'a JSON object, the answer')
      .option('--json', 'print the decision as JSON'),

  async run(command, surroundings) {
    const { out, environment, directory } = surroundings;
    const [id = ''] = command.args;
    const { output: input, outputFile: inputFile, json } = command.opts<Options>();
    const output = readExecutionInput({ input, ...(inputFile !== undefined && { inputFile }) }, directory);
    const client = await requireDeployment(command, surroundings);
    const decided = await decide(client, id, { decision: 'approve', output });
    const said = `${styleFor(out, environment)('good', 'approved')} ${id} as ${decided.decided_by}`;
    out.write(json ? `${JSON.stringify(decided, null, 2)}\n` : `${said}\n`);
    return exitCodes.ok;
  },
};

function collect(pair: string, pairs: readonly string[]): readonly string[] {
  return [...pairs, pair];
}
