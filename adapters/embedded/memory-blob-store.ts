import { digestOfText } from '../../core/json/index.ts';
import type { BlobStore } from '../../core/ports/index.ts';
import { blobNotFound } from './blob-not-found.ts';

export function createMemoryBlobStore(): BlobStore {
  const texts = new Map<string, string>();
  return {
    put: async (text) => {
      const digest = digestOfText(text);
      texts.set(digest, text);
      return digest;
    },
    get: async (digest) => {
      const text = texts.get(digest);
      if (text === undefined) throw blobNotFound(digest);
      return text;
    },
  };
}
