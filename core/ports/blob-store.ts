/** Values too large for a ledger item, by the SHA-256 of their text. Never changes or deletes one. */
export interface BlobStore {
  /** Stores the text and answers its digest, 64 hexadecimal characters; storing it twice is the same. Durable when resolved. */
  put(text: string): Promise<string>;
  /** Throws NotFoundError (`blob_not_found`) for a digest that was never put. */
  get(digest: string): Promise<string>;
}
