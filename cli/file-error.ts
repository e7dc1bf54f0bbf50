import { InvalidRequestError } from '../core/errors/index.ts';

const meanings: Readonly<Record<string, readonly [code: string, message: string]>> = {
  ENOENT: ['file_not_found', 'there is no such file'],
  EISDIR: ['is_a_directory', 'this is a directory, and a file is needed'],
  ENOTDIR: ['not_a_directory', 'a part of this path is a file, and a directory is needed'],
  EACCES: ['not_permitted', 'the operating system does not permit it'],
  EPERM: ['not_permitted', 'the operating system does not permit it'],
  EROFS: ['not_permitted', 'the file system is read-only'],
  ENOSPC: ['disk_full', 'the disk is full'],
};

/** What the operating system answered about a path, in words; anything unheard-of keeps its own. */
export function fileError(error: unknown, place: string, hint: string): InvalidRequestError {
  const systemCode = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [code, message] = meanings[systemCode] ?? [
    'file_error',
    error instanceof Error ? error.message : String(error),
  ];
  return new InvalidRequestError({ code, message, hint, details: { place }, cause: error });
}
