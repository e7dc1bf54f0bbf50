import { readExecutionInput } from '../execution-input.ts';
import { decideHere } from '../decide-here.ts';
import { deploymentOf, withPlaceOptions } from '../place.ts';
import { decide } from '../remote/approvals.ts';
import { reportDecision } from '../report-decision.ts';
import { exitCodes, type Verb } from '../verb.ts';

interface Options {
  readonly output: readonly string[];
  readonly outputFile?: string;
  readonly json?: boolean;
}

export const approveVerb: Verb = {
  name: 'approve',
  summary: 'approve what a workflow asks, with the answer that its form wants',
  example: 'skein approve apr_ZXhlY18wMU0 --output comment=fine',
  declare: (command) =>
    withPlaceOptions(command)
      .argument('<approval>', 'its id; `skein approvals` lists those that are open')
      .option('--output <key=value>', 'a member of the answer; a value that is JSON is taken as such', collect, [])
      .option('--output-file <file>', 'a JSON object, the answer')
      .option('--json', 'print the decision as JSON'),

  async run(command, surroundings) {
    const { directory } = surroundings;
    const [id = ''] = command.args;
    const { output: input, outputFile: inputFile, json = false } = command.opts<Options>();
    const output = readExecutionInput({ input, ...(inputFile !== undefined && { inputFile }) }, directory);
    const said = { decision: 'approve', output } as const;
    const client = await deploymentOf(command, surroundings);
    const decided = await (client ? decide(client, id, said) : decideHere(command, surroundings, id, said));
    reportDecision(decided, json, surroundings);
    return exitCodes.ok;
  },
};

function collect(pair: string, pairs: readonly string[]): readonly string[] {
  return [...pairs, pair];
}
