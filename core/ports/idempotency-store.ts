/** What was answered, as it is answered again. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

/** A request that may be repeated, by the key that its sender gave it. */
export interface IdempotentRequest {
  /** Names sender, operation and the sender's key. */
  readonly key: string;
  /** Of what is asked for: the same key with another digest is another request. */
  readonly digest: string;
  /** What the request creates is created under this id, however often it is tried. */
  readonly id: string;
  /** Epoch milliseconds: since when somebody works on it; 0: nobody does. */
  readonly claimedAt: number;
  /** Epoch milliseconds: the key is free again at this time. */
  readonly expiresAt: number;
  /** Absent: it has not been answered for good. */
  readonly answer?: StoredAnswer;
}

export interface IdempotencyStore {
  /**
   * Stores the request unless one with its key is there that has not expired by `request.claimedAt`; answers that one then, and
   * undefined when the request was stored. Of those who claim at once, one gets the key.
   */
  claim(request: IdempotentRequest): Promise<IdempotentRequest | undefined>;
  /** Stores the request in place of the one with its key and its id; where there is none, nothing. */
  put(request: IdempotentRequest): Promise<void>;
}
