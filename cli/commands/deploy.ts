import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { Option } from 'commander';
import { InvalidRequestError, UnavailableError } from '../../core/errors/index.ts';
import { isJsonObject, parseJson, type Json } from '../../core/json/index.ts';
import { awsFindings, cdkProgram, checkout, regionOf } from '../doctor/aws-findings.ts';
import { styleFor } from '../render/style.ts';
import type { Surroundings } from '../surroundings.ts';
import { exitCodes, type Verb } from '../verb.ts';

/** As in the CDK app. */
export const stages = ['dev', 'prod'] as const;

interface Options {
  readonly stage: (typeof stages)[number];
  readonly region?: string;
  readonly bootstrap?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export const deployVerb: Verb = {
  name: 'deploy',
  summary: 'deploy Skein to AWS with the CDK, and print where its API is',
  example: 'skein deploy --stage dev --region eu-central-1',
  declare: (command) =>
    command
      .addOption(new Option('--stage <stage>', 'which of them').choices(stages).default('dev'))
      .option('--region <region>', 'where to; default: that of the AWS settings')
      .option('--bootstrap', 'prepare account and region for the CDK before')
      .option('--yes', 'do not ask before permissions are widened')
      .option('--json', 'print what was deployed as JSON; progress goes to the error output')
      .argument('[options...]', 'what else there is is passed on to `cdk deploy`')
      .allowUnknownOption(),

  async run(command, surroundings) {
    const { out, err, environment, now } = surroundings;
    const { stage, region: asked, bootstrap = false, yes = false, json = false } = command.opts<Options>();
    requirePrerequisites(asked, surroundings);
    const isAsked = out.isTerminal && !json;
    if (!isAsked && !yes) throw unasked();
    const began = now();
    const region = regionOf(asked, environment);
    const context = ['-c', `stage=${stage}`, ...(region === undefined ? [] : ['-c', `region=${region}`])];
    const cdk = (verb: string, ...more: string[]) => runCdk([verb, ...context, ...more], isAsked, surroundings);

    if (bootstrap) await cdk('bootstrap');
    const approval = yes ? 'never' : 'broadening';
    const outputs = await withOutputs((file) =>
      cdk('deploy', '--all', '--outputs-file', file, '--require-approval', approval, ...command.args),
    );
    const url = urlIn(outputs);
    if (json) out.write(`${JSON.stringify({ stage, region, url, outputs }, null, 2)}\n`);
    else {
      const took = Math.round((now() - began) / 1000);
      out.write(`${styleFor(out, environment)('good', 'deployed')} ${stage} in ${took} s\n`);
      if (url !== undefined) out.write(`\nnext\n  skein profile add ${stage} --url ${url} --token-env SKEIN_TOKEN\n`);
    }
    if (url === undefined) err.write('the stacks say no URL of an API\n');
    return exitCodes.ok;
  },
};

/** Throws InvalidRequestError with the first that is missing: the CDK would say it minutes later, in other words. */
function requirePrerequisites(region: string | undefined, surroundings: Surroundings): void {
  const wrong = awsFindings(region, surroundings).find(({ status }) => status === 'failed');
  if (!wrong) return;
  throw new InvalidRequestError({
    code: `${wrong.check}_missing`,
    message: wrong.message,
    ...(wrong.fix !== undefined && { hint: wrong.fix }),
  });
}

async function runCdk(args: readonly string[], takesTerminal: boolean, surroundings: Surroundings): Promise<void> {
  const { runProgram, environment, err } = surroundings;
  // The CDK starts the app with `node`: it must be the one that runs these sources.
  const path = [dirname(process.execPath), environment['PATH'] ?? ''].join(delimiter);
  const { code } = await runProgram({
    file: process.execPath,
    args: [cdkProgram, ...args],
    directory: checkout,
    environment: { ...environment, PATH: path },
    ...(takesTerminal ? { takesTerminal } : { onLine: (line: string) => err.write(`${line}\n`) }),
  });
  if (code === 0) return;
  throw new UnavailableError({
    code: 'deploy_failed',
    message: `\`cdk ${args[0] ?? ''}\` ended with ${code ?? 'a signal'}`,
    hint: 'what it printed above says why; `skein doctor --deploy` looks at this machine',
  });
}

/** What the CDK writes into its outputs file: stacks, and in each its outputs by name. */
async function withOutputs(deploy: (file: string) => Promise<void>): Promise<Json> {
  const folder = mkdtempSync(join(tmpdir(), 'skein-deploy-'));
  const file = join(folder, 'outputs.json');
  try {
    await deploy(file);
    return existsSync(file) ? parseJson(readFileSync(file, 'utf8')) : {};
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The API stack's output `Url`. */
function urlIn(outputs: Json): string | undefined {
  if (!isJsonObject(outputs)) return undefined;
  const urls = Object.values(outputs).flatMap((stack) => (isJsonObject(stack) ? [stack['Url']] : []));
  const url = urls.find((value) => typeof value === 'string');
  return url?.replace(/\/+$/, '');
}

function unasked(): InvalidRequestError {
  return new InvalidRequestError({
    code: 'approval_needed',
    message: 'nobody is there to be asked before permissions are widened',
    hint: 'give --yes, after a look at `npx cdk diff`',
  });
}
