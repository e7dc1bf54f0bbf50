import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { invokeLambda, lambdaCall } from '../../../sdk/testing/index.ts';
import { checkout } from '../../architecture/source-file.ts';
import { temporaryDirectory } from '../../makers/temporary-directory.ts';

const program = (zod: string): string => `
  import * as z from '${zod}';
  import { agent, AgentError } from './sdk/agent/index.ts';
  import { toLambda } from './sdk/lambda/index.ts';

  export const handler = toLambda(agent({
    input: z.object({ text: z.string() }),
    output: z.object({ words: z.int() }),
    handler: ({ text }) => {
      if (text === '') throw new AgentError('NothingToCount', 'There is no text.', { retryable: false });
      return { words: text.split(' ').length };
    },
  }), { world: { print: () => undefined } });`;

async function bundleOf(zod: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: program(zod), resolveDir: checkout, loader: 'ts' },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    write: false,
  });
  return outputFiles[0]!.text;
}

describe('a minimal Lambda agent', () => {
  it.each([
    ['zod/mini', 40],
    ['zod', 130],
  ])('with %s is bundled into less than %i KB', async (zod, kilobytes) => {
    expect((await bundleOf(zod)).length).toBeLessThan(kilobytes * 1000);
  });

  it('keeps its schemas and its names when it is minified', async () => {
    const file = join(temporaryDirectory(), 'agent.mjs');
    writeFileSync(file, await bundleOf('zod/mini'));
    const { handler } = (await import(pathToFileURL(file).href)) as { handler: Parameters<typeof invokeLambda>[0] };

    const answered = await invokeLambda(handler, lambdaCall({ text: 'to be or not' }));
    const refused = await invokeLambda(handler, lambdaCall({ text: 7 }));
    const failed = await invokeLambda(handler, lambdaCall({ text: '' }));

    expect(answered.responsePayload).toEqual({ words: 4 });
    expect(refused.responsePayload).toMatchObject({ errorType: 'InvalidInput' });
    expect(failed.responsePayload).toMatchObject({
      errorType: 'NothingToCount',
      errorMessage: '{"message":"There is no text.","retryable":false}',
    });
  });
});
