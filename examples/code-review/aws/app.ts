// Deploys the agents of the code review beside a stage of Skein:
//
//   npx cdk deploy --app 'node examples/code-review/aws/app.ts' -c stage=dev -c tenant=default
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { parseAgentCatalogue } from '../../../core/definition/index.ts';
import { LambdaAgent } from '../../../lib/index.ts';

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const checkout = pathOf('../../..');
const name = pathOf('../agents.yaml');
const { catalogue = new Map() } = parseAgentCatalogue({
  name,
  text: readFileSync(name, 'utf8'),
  resolveModule: (module) => module,
});

const stack = new Stack(new App(), 'CodeReviewAgents', { description: 'The agents of the code review' });
for (const { name: type, capabilities, input, output } of catalogue.values()) {
  const work = new NodejsFunction(stack, `${type}-work`, {
    entry: pathOf('handlers.ts'),
    handler: type.replace('_agent', ''),
    runtime: Runtime.NODEJS_24_X,
    timeout: Duration.minutes(5),
    // A whole core: they parse every file of a repository.
    memorySize: 1769,
    projectRoot: checkout,
    depsLockFilePath: `${checkout}/package-lock.json`,
    bundling: {
      format: OutputFormat.ESM,
      target: 'node24',
      minify: true,
      // ESLint asks for it only where its configuration is TypeScript.
      externalModules: ['jiti'],
      banner: [
        "import { createRequire } from 'node:module';",
        'const require = createRequire(import.meta.url);',
        'const [__dirname, __filename] = [import.meta.dirname, import.meta.filename];',
      ].join(''),
      // Ruff reads its program from beside itself.
      commandHooks: {
        beforeBundling: () => [],
        beforeInstall: () => [],
        afterBundling: (from, to) => [
          `cp ${from}/node_modules/@astral-sh/ruff-wasm-nodejs/ruff_wasm_bg.wasm ${to}/ruff_wasm_bg.wasm`,
        ],
      },
    },
  });
  new LambdaAgent(stack, type, {
    type,
    function: work,
    capabilities,
    ...(input && { input }),
    ...(output && { output }),
  });
}
