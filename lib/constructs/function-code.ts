import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

const checkout = new URL('../../', import.meta.url);

/** The handler of functions made by `functionCode`. */
export const bundledHandler = 'index.handler';

/**
 * The code of a folder of `functions/`, as one file that holds everything it needs. esbuild is called in this process: as a
 * program of its own, as CDK's NodejsFunction starts it, it takes ten times as long.
 */
export function functionCode(folder: string): Code {
  const entry = fileURLToPath(new URL(`functions/${folder}/handler.ts`, checkout));
  return Code.fromAsset(dirname(entry), {
    // What comes out decides whether it is deployed anew, not what went in.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // CDK wants the name of an image that it would use if `tryBundle` said no.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(outputDirectory) {
          bundle(entry, join(outputDirectory, 'index.mjs'));
          return true;
        },
      },
    },
  });
}

function bundle(entry: string, outfile: string): void {
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    minify: true,
    // Packages in their modern form, of which esbuild leaves out what nobody calls. The SDK comes along: that of the Lambda
    // runtime changes with the runtime, ours with the lockfile.
    mainFields: ['module', 'main'],
    // X-Ray's SDK is CommonJS and asks for Node's own modules by `require`, which ES modules lack.
    banner: {
      js: "import { createRequire as skeinRequire } from 'node:module'; const require = skeinRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
}
