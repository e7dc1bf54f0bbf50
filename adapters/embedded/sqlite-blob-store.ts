import { digestOfText } from '../../core/json/index.ts';
import type { BlobStore } from '../../core/ports/index.ts';
import { blobNotFound } from './blob-not-found.ts';
import type { Database } from './open-database.ts';

export function createSqliteBlobStore({ database }: { database: Database }): BlobStore {
  const put = database.prepare('INSERT OR IGNORE INTO blobs (digest, text) VALUES (?, ?)');
  const get = database.prepare('SELECT text FROM blobs WHERE digest = ?');
  return {
    put: async (text) => {
      const digest = digestOfText(text);
      await database.write(() => put.run(digest, text));
      return digest;
    },
    get: async (digest) => {
      const row = database.read(() => get.get(digest));
      if (row === undefined) throw blobNotFound(digest);
      return String(row.text);
    },
  };
}
