import { readFileSync } from 'node:fs';
import { fileError } from './file-error.ts';

/** Throws InvalidRequestError for a file that cannot be read, with `hint` for one that does not exist. */
export function readText(path: string, hint = 'check the path'): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw fileError(error, path, hint);
  }
}
