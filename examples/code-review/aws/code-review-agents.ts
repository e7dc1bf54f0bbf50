import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { parseAgentCatalogue } from '../../../core/definition/index.ts';
import { LambdaAgent } from '../../../lib/index.ts';

const example = resolve(import.meta.dirname, '..');
const checkout = resolve(example, '../..');

export interface CodeReviewAgentsProps {
  /** Folder that is deployed with the agents, for them to review; default: this example. Not with what was installed in it. */
  readonly repository?: string;
}

/** The six agents of the code review, with the schemas of their catalogue, and a bucket for their reports. */
export class CodeReviewAgents extends Stack {
  constructor(scope: Construct, id: string, { repository = example }: CodeReviewAgentsProps = {}) {
    super(scope, id, { description: 'The agents of the code review' });
    const reports = new Bucket(this, 'Reports', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [{ expiration: Duration.days(30) }],
      removalPolicy: RemovalPolicy.DESTROY,
    });
    for (const { name: type, capabilities, input, output } of readCatalogue()) {
      const work = this.worker(type, repository);
      if (type === 'synthesis_agent') {
        work.addEnvironment('REPORT_BUCKET', reports.bucketName);
        reports.grantPut(work);
      }
      const schemas = { ...(input && { input }), ...(output && { output }) };
      new LambdaAgent(this, type, { type, function: work, capabilities, ...schemas });
    }
    new CfnOutput(this, 'ReportBucket', { value: reports.bucketName });
  }

  private worker(type: string, repository: string): NodejsFunction {
    return new NodejsFunction(this, `${type}-work`, {
      entry: join(example, 'aws/handlers.ts'),
      handler: type.replace('_agent', ''),
      runtime: Runtime.NODEJS_24_X,
      timeout: Duration.minutes(5),
      // A whole core: they parse every file of a repository.
      memorySize: 1769,
      projectRoot: checkout,
      depsLockFilePath: join(checkout, 'package-lock.json'),
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        minify: true,
        bundleAwsSDK: true,
        // ESLint asks for it only where its configuration is TypeScript.
        externalModules: ['jiti'],
        banner: [
          "import { createRequire } from 'node:module';",
          'const require = createRequire(import.meta.url);',
          'const [__dirname, __filename] = [import.meta.dirname, import.meta.filename];',
        ].join(''),
        commandHooks: {
          beforeBundling: () => [],
          beforeInstall: () => [],
          afterBundling: (from, to) => [
            // Ruff reads its program from beside itself.
            `cp ${from}/node_modules/@astral-sh/ruff-wasm-nodejs/ruff_wasm_bg.wasm ${to}/ruff_wasm_bg.wasm`,
            `cp -R '${repository}' '${to}/repository'`,
          ],
        },
      },
    });
  }
}

function readCatalogue() {
  const name = join(example, 'agents.yaml');
  const resolveModule = (module: string): string => module;
  const { catalogue } = parseAgentCatalogue({ name, text: readFileSync(name, 'utf8'), resolveModule });
  return catalogue?.values() ?? [];
}
