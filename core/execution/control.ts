import { InvariantError } from '../errors/index.ts';

/** Where a control record stands: records of one folder are listed together. */
export interface ControlPlace {
  readonly folder: string;
  readonly name: string;
}

/** `pool/linters/slot/3` is `3` in the folder `pool/linters/slot`. Throws InvariantError (`no_folder`) for a key without one. */
export function controlPlace(key: string): ControlPlace {
  const at = key.lastIndexOf('/');
  if (at > 0 && at < key.length - 1) return { folder: key.slice(0, at), name: key.slice(at + 1) };
  throw new InvariantError({ code: 'no_folder', message: `The key ${key} of a control record names no folder.` });
}

/**
 * A name as a part of a key. Names of agent types and pools stand there as they are; whatever else somebody may ask for becomes a part that
 * nobody has written.
 */
export function keyPart(name: string): string {
  return name === '' ? '%' : encodeURIComponent(name.toWellFormed());
}
