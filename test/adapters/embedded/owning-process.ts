// A process that owns the database at argv[2], says so, and lives on until somebody kills it.
// It keeps no reference to its Ownership, collects its garbage and tries a second time: none of it may end the ownership.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { acquireOwnership, announceOwner, openDatabase } from '../../../adapters/embedded/index.ts';

const path = process.argv[2] ?? '';
if (acquireOwnership(path) === undefined) {
  console.log('not owned');
} else {
  await announceOwner(openDatabase({ path, mode: 'owner' }), {
    pid: process.pid,
    port: 4711,
    secret: 'open sesame',
    since: 1_000.5,
  });
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
  if (acquireOwnership(path) !== undefined) throw new Error('owned twice');
  console.log('owned');
  setInterval(() => undefined, 60_000);
}
