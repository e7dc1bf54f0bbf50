import { fileURLToPath } from 'node:url';
import { OutputFormat, type NodejsFunctionProps } from 'aws-cdk-lib/aws-lambda-nodejs';

const checkout = new URL('../../', import.meta.url);

/** The code of a folder of `functions/`, as one file that holds everything. */
export function functionCode(folder: string): NodejsFunctionProps {
  return {
    entry: fileURLToPath(new URL(`functions/${folder}/handler.ts`, checkout)),
    projectRoot: fileURLToPath(checkout),
    depsLockFilePath: fileURLToPath(new URL('package-lock.json', checkout)),
    bundling: {
      format: OutputFormat.ESM,
      target: 'node24',
      // Packages in their modern form, of which esbuild leaves out what nobody calls.
      mainFields: ['module', 'main'],
      minify: true,
      // The runtime's own SDK changes with the runtime, ours with the lockfile.
      bundleAwsSDK: true,
      // X-Ray's SDK is CommonJS and asks for Node's own modules by `require`, which ES modules lack.
      banner:
        "import { createRequire as skeinRequire } from 'node:module'; const require = skeinRequire(import.meta.url);",
    },
  };
}
