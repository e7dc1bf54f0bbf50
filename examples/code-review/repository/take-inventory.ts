import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import type { AgentContext } from '../../../core/agents/index.ts';
import { listFiles } from './list-files.ts';
import { countLines, isGenerated, languageOf, roleOf, sourceFileSchema, type SourceFile } from './source-file.ts';

export const inventorySchema = z.object({
  /** Absolute and without links. */
  root: z.string(),
  name: z.string(),
  from: z.enum(['git', 'folder']),
  /** Sorted by path; at most `maxFiles`. */
  files: z.array(sourceFileSchema),
  notLookedAt: z.array(z.string()),
});
export type Inventory = z.infer<typeof inventorySchema>;

/** Each file costs about 120 bytes of the inventory that every analyser is sent. */
export const maxFiles = 5_000;
/** Of one file. What people write by hand is smaller. */
export const maxBytes = 1024 * 1024;

/** The input is wrong and stays wrong: the engine's error table never retries this name. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
}

/** The checkout that these agents live in. An agent may be started from anywhere, so the working directory says nothing. */
const checkout = resolve(import.meta.dirname, '../../..');

/** A relative path starts at this checkout. */
export function resolvePath(path: string): string {
  return isAbsolute(path) ? path : join(checkout, path);
}

export async function takeInventory(repository: string, context: AgentContext): Promise<Inventory> {
  const root = await findFolder(resolvePath(repository));
  const list = await listFiles(root, context.signal);
  const files: SourceFile[] = [];
  const leftOut = new Map<string, number>();
  for (const [index, path] of list.paths.entries()) {
    if (index % 100 === 0) {
      context.signal.throwIfAborted();
      context.heartbeat();
    }
    const found = files.length === maxFiles ? `over the limit of ${maxFiles} files` : await inspect(root, path);
    if (typeof found === 'string') leftOut.set(found, (leftOut.get(found) ?? 0) + 1);
    else files.push(found);
  }
  const reasons = [...leftOut].map(([reason, count]) => `${count} ${count === 1 ? 'file' : 'files'}: ${reason}.`);
  const name = await nameOf(root, files);
  return { root, name, from: list.from, files, notLookedAt: [...list.notLookedAt, ...reasons.sort()] };
}

/** As its manifest calls it, or its folder. */
async function nameOf(root: string, files: readonly SourceFile[]): Promise<string> {
  if (!files.some(({ path }) => path === 'package.json')) return basename(root);
  const manifest = await readFile(join(root, 'package.json'), 'utf8').catch(() => '');
  return /"name"\s*:\s*"([^"]+)"/.exec(manifest)?.[1] ?? basename(root);
}

async function findFolder(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) throw new InvalidInput(`There is no folder ${path} to review.`);
  return realpath(path);
}

/** The file, or why it is left out. */
async function inspect(root: string, path: string): Promise<SourceFile | string> {
  if (/(^|\/)(node_modules|vendor|third_party)\//.test(path)) return "other people's code (node_modules, vendor)";
  const found = await lstat(join(root, path)).catch(() => undefined);
  if (!found?.isFile()) return 'deleted, a link or a submodule';
  if (found.size > maxBytes) return `larger than ${maxBytes / 1024} KiB`;
  const content = await readFile(join(root, path)).catch(() => undefined);
  if (content === undefined) return 'unreadable';
  // Git's own test for binary files: a NUL byte near the start.
  if (content.subarray(0, 8_000).includes(0)) return 'binary';
  const text = content.toString('utf8');
  if (isGenerated(path, text)) return 'generated or minified';
  const language = languageOf(path);
  return { path, language, role: roleOf(path, language), lines: countLines(text), bytes: found.size };
}
