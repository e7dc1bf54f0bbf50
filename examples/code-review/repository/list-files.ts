import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compareText } from '../findings/index.ts';

export interface FileList {
  /** Who listed them: git knows what is ignored, a walk through the folder does not. */
  readonly from: 'git' | 'folder';
  readonly paths: readonly string[];
  readonly notLookedAt: readonly string[];
}

/** Of a folder that git does not know; a home folder given by mistake must end in seconds. */
const maxWalked = 50_000;

const dependencyFolders = new Set(['node_modules', '.git', '.hg', '.svn', '.venv', 'venv', '__pycache__', '.tox']);

export async function listFiles(root: string, signal: AbortSignal): Promise<FileList> {
  return (await listByGit(root, signal)) ?? (await listByWalk(root, signal));
}

const execute = promisify(execFile);

/**
 * Without a shell, and with fsmonitor off: a repository's own configuration may name a program there, which git
 * would start. Undefined: not a checkout, or one that ignores this very folder.
 */
async function listByGit(root: string, signal: AbortSignal): Promise<FileList | undefined> {
  const harmless = ['--no-optional-locks', '-c', 'core.fsmonitor=false', '-C', root];
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  try {
    const { stdout } = await execute('git', [...harmless, ...list], { signal, maxBuffer: 256 * 1024 * 1024 });
    const paths = [...new Set(stdout.split('\0'))].filter((path) => path !== '').sort(compareText);
    return paths.length === 0 ? undefined : { from: 'git', paths, notLookedAt: [] };
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

async function listByWalk(root: string, signal: AbortSignal): Promise<FileList> {
  const paths: string[] = [];
  const folders = [''];
  for (let folder = folders.shift(); folder !== undefined && paths.length < maxWalked; folder = folders.shift()) {
    signal.throwIfAborted();
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => compareText(a.name, b.name))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !dependencyFolders.has(entry.name)) folders.push(path);
      else if (entry.isFile()) paths.push(path);
    }
  }
  const notLookedAt = ['git listed no files here, so the folder was walked: no .gitignore was applied.'];
  if (folders.length > 0) notLookedAt.push(`The folder has more than ${maxWalked} files; the rest was not listed.`);
  return { from: 'folder', paths: paths.sort(compareText), notLookedAt };
}
