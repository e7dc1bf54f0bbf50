/** A key of an agent or a service. The secret that its owner shows is not kept, only its digest. */
export interface ApiKey {
  readonly id: string;
  /** SHA-256 of the secret, 64 hexadecimal characters. */
  readonly secretDigest: string;
  /** Who shows it: an agent or a service, by its name. */
  readonly subject: string;
  readonly scopes: readonly string[];
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Epoch milliseconds; absent: until it is removed. */
  readonly expiresAt?: number;
}

export interface ApiKeyStore {
  put(key: ApiKey): Promise<void>;
  find(id: string): Promise<ApiKey | undefined>;
  /** By id. */
  list(): Promise<readonly ApiKey[]>;
  /** False: there is none with this id. */
  remove(id: string): Promise<boolean>;
}
