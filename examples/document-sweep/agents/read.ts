import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Document } from '../documents/document.ts';
import { readDocument } from '../documents/read-document.ts';

interface Input {
  readonly folder: string;
  readonly files: readonly string[];
}

/** Reads a batch of documents. One that is no text fails the batch: nobody should take it for an empty page. */
export default async function read({ input }: { readonly input: Input }): Promise<readonly Document[]> {
  return Promise.all(
    input.files.map(async (file) => readDocument(file, textOf(file, await readFile(join(input.folder, file))))),
  );
}

function textOf(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    // By this name no policy tries again: the file stays what it is.
    throw Object.assign(new Error(`${file} is no UTF-8 text`, { cause }), { name: 'InvalidInput' });
  }
}
