import type { DatabaseSync } from 'node:sqlite';
import { InvalidRequestError } from '../../core/errors/index.ts';

/** "SKEI" in SQLite's application_id: tells our files from other programs' databases. */
const APPLICATION_ID = 0x53_4b_45_49;

/**
 * Step n brings a database of version n to version n + 1. A step that was released is never edited.
 *
 * Records are JSON text; a column beside it is there because a condition or a query of the port needs it. Times are REAL
 * because a clock may give fractions of milliseconds. Events have no index for (lamport, path, n): they are written often
 * and listed seldom, and sorting the few thousand of one execution costs less than keeping it.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE executions (
    id TEXT PRIMARY KEY, revision INTEGER NOT NULL, open INTEGER NOT NULL, started_at REAL NOT NULL, record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX executions_open ON executions (started_at, id) WHERE open = 1;
  CREATE TABLE tasks (
    execution TEXT NOT NULL, path TEXT NOT NULL, revision INTEGER NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (execution, path)
  ) STRICT;
  CREATE TABLE limits (
    execution TEXT NOT NULL, name TEXT NOT NULL, revision INTEGER NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (execution, name)
  ) STRICT;
  CREATE TABLE events (
    execution TEXT NOT NULL, path TEXT NOT NULL, n INTEGER NOT NULL, lamport INTEGER NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (execution, path, n)
  ) STRICT;
  CREATE TABLE watches (
    execution TEXT NOT NULL, producer TEXT NOT NULL, consumer TEXT NOT NULL,
    PRIMARY KEY (execution, producer, consumer)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE parked (
    key TEXT NOT NULL, arrival REAL NOT NULL, path TEXT NOT NULL, execution TEXT NOT NULL,
    PRIMARY KEY (key, arrival, path, execution)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE blobs (digest TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;
  CREATE TABLE definitions (
    name TEXT NOT NULL, version TEXT NOT NULL, digest TEXT NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (name, version)
  ) STRICT;
  CREATE TABLE views (
    execution TEXT PRIMARY KEY, workflow TEXT NOT NULL, status TEXT NOT NULL, started_at REAL NOT NULL, record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX views_by_age ON views (started_at, execution);
  CREATE INDEX views_by_status ON views (status, started_at, execution);
  CREATE INDEX views_by_workflow ON views (workflow, started_at, execution, status);
  CREATE TABLE owner (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    pid INTEGER NOT NULL, port INTEGER NOT NULL, secret TEXT NOT NULL, since REAL NOT NULL
  ) STRICT;
  CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};
  `,
  `
  CREATE TABLE bus_events (id TEXT PRIMARY KEY, type TEXT NOT NULL, time REAL NOT NULL, record TEXT NOT NULL) STRICT;
  CREATE INDEX bus_events_by_type ON bus_events (type, time, id);
  `,
  `
  CREATE TABLE agent_types (name TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
  CREATE TABLE api_keys (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
  CREATE TABLE idempotent_requests (
    key TEXT PRIMARY KEY, id TEXT NOT NULL, expires_at REAL NOT NULL, record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX idempotent_requests_by_expiry ON idempotent_requests (expires_at);
  `,
  `
  CREATE TABLE controls (
    folder TEXT NOT NULL, name TEXT NOT NULL, revision INTEGER NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (folder, name)
  ) STRICT;
  `,
];

/** Throws for another program's database and for a version that only a newer program knows. Changes nothing. */
export function requireKnownVersion(connection: DatabaseSync, path: string): void {
  readVersion(connection, path);
}

/** Brings the database to the newest version, all or nothing. The caller has a write transaction open. */
export function migrate(connection: DatabaseSync, path: string): void {
  const version = readVersion(connection, path);
  for (const step of migrations.slice(version)) connection.exec(step);
  connection.exec(`PRAGMA user_version = ${migrations.length}`);
}

/** For who may not migrate: throws unless the database has exactly the version that this program knows. */
export function requireCurrentVersion(connection: DatabaseSync, path: string): void {
  const version = readVersion(connection, path);
  if (version === migrations.length) return;
  throw new InvalidRequestError({
    code: 'database_outdated',
    message: `${path} has schema version ${version}; this program reads version ${migrations.length}`,
    hint: 'Open it once as its owner: that brings it up to date.',
    details: { path, version, expected: migrations.length },
  });
}

/** 0 for an empty file. */
function readVersion(connection: DatabaseSync, path: string): number {
  const version = pragma(connection, 'user_version');
  const empty = connection.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
  if (pragma(connection, 'application_id') !== APPLICATION_ID && !(empty && version === 0)) {
    throw new InvalidRequestError({
      code: 'not_a_skein_database',
      message: `${path} is a database of another program`,
      hint: 'Choose another path; the file was left as it is.',
      details: { path },
    });
  }
  if (version > migrations.length) {
    throw new InvalidRequestError({
      code: 'database_too_new',
      message: `${path} has schema version ${version}; this program knows versions up to ${migrations.length}`,
      hint: 'Update Skein, or choose another path; the file was left as it is.',
      details: { path, version, expected: migrations.length },
    });
  }
  return version;
}

function pragma(connection: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(connection.prepare(`PRAGMA ${name}`).get()?.[name]);
}
