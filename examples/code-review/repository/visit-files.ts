import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AgentContext } from '../../../core/agents/index.ts';
import type { SourceFile } from './source-file.ts';
import type { Inventory } from './take-inventory.ts';

export interface Visit {
  readonly seen: readonly SourceFile[];
  /** Files that could not be read, or at which a parser or a rule gave up: one must not cost the whole review. */
  readonly notLookedAt: readonly string[];
}

const maxTold = 20;

/**
 * Reads the files that are wanted, one after the other. Between two files it says "still alive" and gives the
 * thread a turn, without which a request to stop could not come in.
 */
export async function visitFiles(
  inventory: Inventory,
  context: AgentContext,
  visit: { wants(file: SourceFile): boolean; look(file: SourceFile, text: string): unknown },
): Promise<Visit> {
  const seen: SourceFile[] = [];
  const failed: string[] = [];
  for (const file of inventory.files.filter((candidate) => visit.wants(candidate))) {
    await nextTurn();
    context.signal.throwIfAborted();
    context.heartbeat();
    try {
      await visit.look(file, await readFile(join(inventory.root, file.path), 'utf8'));
      seen.push(file);
    } catch (error) {
      const [why] = String(error).split('\n');
      failed.push(`${file.path}: ${why ?? ''}.`);
    }
  }
  const more = failed.length > maxTold ? [`${failed.length - maxTold} more files, for reasons of that kind.`] : [];
  return { seen, notLookedAt: [...failed.slice(0, maxTold), ...more] };
}

/** `3 TypeScript and 1 Python file`: what an analyser looked at. */
export function describeFiles(files: readonly SourceFile[]): string {
  if (files.length === 0) return 'no files';
  const groups = [...Map.groupBy(files, (file) => file.language)].sort((a, b) => b[1].length - a[1].length);
  const parts = groups.map(([language, group]) => `${group.length} ${language}`);
  const listed = parts.length === 1 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
  return `${listed} ${files.length === 1 ? 'file' : 'files'}`;
}
