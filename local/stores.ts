import {
  acquireOwnership,
  createMemoryAgentTypeStore,
  createMemoryApiKeyStore,
  createMemoryBlobStore,
  createMemoryDefinitionStore,
  createMemoryIdempotencyStore,
  createMemoryLedgerStore,
  createMemoryViewStore,
  createSqliteAgentTypeStore,
  createSqliteApiKeyStore,
  createSqliteBlobStore,
  createSqliteDefinitionStore,
  createSqliteIdempotencyStore,
  createSqliteLedgerStore,
  createSqliteViewStore,
  createSystemClock,
  findOwner,
  keepSetting,
  latestTime,
  openDatabase,
  type Database,
} from '../adapters/embedded/index.ts';
import { ConflictError } from '../core/errors/index.ts';
import type {
  AgentTypeStore,
  ApiKeyStore,
  BlobStore,
  Clock,
  DefinitionStore,
  IdempotencyStore,
  LedgerStore,
  ViewStore,
} from '../core/ports/index.ts';

/** Everything that is recorded, behind ports. */
export interface Stores {
  readonly ledger: LedgerStore;
  readonly blobs: BlobStore;
  readonly definitions: DefinitionStore;
  readonly views: ViewStore;
  /** Signs handles; kept with the data, so that agents may answer a later process. */
  readonly handleSecret: string;
}

/** What only a server keeps. */
export interface ServerStores {
  readonly agentTypes: AgentTypeStore;
  readonly apiKeys: ApiKeyStore;
  readonly idempotency: IdempotencyStore;
}

export interface OwnedStores extends Stores, ServerStores {
  /** Tells no time before what is recorded. */
  readonly clock: Clock;
  /** Absent: in memory. */
  readonly database?: Database;
  /** Takes away what nobody misses any more; now is in epoch milliseconds. Absent: nothing outlives its process. */
  readonly forget?: (now: number) => void;
  readonly close: () => void;
}

/** Nothing outlives the process. */
export function createMemoryStores(handleSecret: string): OwnedStores {
  return {
    ledger: createMemoryLedgerStore(),
    blobs: createMemoryBlobStore(),
    definitions: createMemoryDefinitionStore(),
    views: createMemoryViewStore(),
    agentTypes: createMemoryAgentTypeStore(),
    apiKeys: createMemoryApiKeyStore(),
    idempotency: createMemoryIdempotencyStore(),
    handleSecret,
    clock: createSystemClock({ since: 0 }),
    close: () => undefined,
  };
}

/**
 * The stores of a database that this process owns until it closes them. Throws ConflictError (`database_owned`) when
 * another process is its owner.
 */
export async function openOwnedStores(path: string, createSecret: () => string): Promise<OwnedStores> {
  const ownership = acquireOwnership(path);
  if (!ownership) throw ownedByAnother(path);
  let database: Database | undefined;
  try {
    database = openDatabase({ mode: 'owner', path });
    const handleSecret = await keepSetting(database, 'handle_secret', createSecret);
    const opened = database;
    const close = () => {
      opened.close();
      ownership.release();
    };
    const clock = createSystemClock({ since: latestTime(database) });
    const stores = storesOn(database);
    const forget = (now: number) => stores.ledger.forgetControls(now);
    return { ...stores, ...serverStoresOn(database), handleSecret, clock, database, forget, close };
  } catch (error) {
    database?.close();
    ownership.release();
    throw error;
  }
}

/** For looking only, also while another process owns the database. Writing through them throws. */
export function openReadOnlyStores(path: string): Omit<OwnedStores, 'handleSecret' | 'clock' | keyof ServerStores> {
  const database = openDatabase({ mode: 'read_only', path });
  return { ...storesOn(database), database, close: () => database.close() };
}

function storesOn(database: Database) {
  return {
    ledger: createSqliteLedgerStore({ database }),
    blobs: createSqliteBlobStore({ database }),
    definitions: createSqliteDefinitionStore({ database }),
    views: createSqliteViewStore({ database }),
  };
}

function serverStoresOn(database: Database): ServerStores {
  return {
    agentTypes: createSqliteAgentTypeStore({ database }),
    apiKeys: createSqliteApiKeyStore({ database }),
    idempotency: createSqliteIdempotencyStore({ database }),
  };
}

function ownedByAnother(path: string): ConflictError {
  const owner = findOwner(path);
  return new ConflictError({
    code: 'database_owned',
    message: `${path} is in use by another skein process${owner ? ` (pid ${owner.pid})` : ''}.`,
    hint: 'Wait until it ends, or give this one a database of its own with --database.',
  });
}
