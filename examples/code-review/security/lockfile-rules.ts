import { z } from 'zod';
import type { Finding } from '../findings/index.ts';
import type { SourceFile } from '../repository/index.ts';

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      link: z.boolean().optional(),
      inBundle: z.boolean().optional(),
    }),
  ),
});

/** Of package-lock.json, versions 2 and 3. Older ones have no `packages` and are passed over. */
export function reviewLockfile(file: SourceFile, text: string): Finding[] {
  const lock = lockSchema.safeParse(parseJson(text));
  if (!lock.success) return [];
  return Object.entries(lock.data.packages).flatMap(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.link || entry.inBundle) return [];
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const line = text.slice(0, Math.max(text.indexOf(`"${path}"`), 0)).split('\n').length;
    const plain = entry.resolved?.startsWith('http://') ?? false;
    if (!plain && entry.integrity !== undefined) return [];
    return [
      {
        rule: plain ? 'unencrypted-download' : 'no-integrity',
        severity: 'medium',
        path: file.path,
        line,
        message: plain ? `\`${name}\` is downloaded over http.` : `\`${name}\` is locked without a checksum.`,
        explanation:
          'The checksum is what makes a lockfile safe: without it, or without encryption, a changed package installs like the real one.',
      },
    ];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
