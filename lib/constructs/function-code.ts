import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundleFunction } from './bundle-function.ts';

const checkout = new URL('../../', import.meta.url);

/** The handler of functions made by `functionCode`. */
export const bundledHandler = 'index.handler';

/** The code of a folder of `functions/`, with everything that it needs. */
export function functionCode(folder: string): Code {
  return Code.fromAsset(fileURLToPath(new URL(`functions/${folder}`, checkout)), {
    // What comes out decides whether it is deployed anew, not what went in.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // CDK wants the name of an image that it would use if `tryBundle` said no.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(outputDirectory) {
          for (const { path, text } of bundleFunction(folder)) {
            const file = join(outputDirectory, path);
            mkdirSync(dirname(file), { recursive: true });
            writeFileSync(file, text);
          }
          return true;
        },
      },
    },
  });
}
