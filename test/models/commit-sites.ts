import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSourceFiles } from '../architecture/source-file.ts';

/** A place in the engine that commits: file and function, `attempt.ts intendAndCall`. */
export type Site = string;

const engineFolder = fileURLToPath(new URL('../../engine/', import.meta.url));
const COMMIT = /\b(?:ctx|ledger|deps\.ledger)\.commit\(/;
/** Where every commit of the engine goes through: whose it is, says who has called it. */
const THROUGH = 'engine-context.ts';

/** Every place in the engine that commits, found in its text. */
export function commitSites(): readonly Site[] {
  const files = readSourceFiles().filter(({ path }) => path.startsWith('engine/') && !path.endsWith(THROUGH));
  const sites = files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, at) => (COMMIT.test(line) ? [siteAt(path.slice('engine/'.length), text, at)] : [])),
  );
  return [...new Set(sites)];
}

/** The place that is committing now. To be asked within the call of the ledger. */
export function siteOfThisCommit(): Site {
  const frames = (new Error('who commits').stack ?? '').split('\n');
  for (const frame of frames) {
    const at = frame.indexOf(engineFolder);
    const place = at === -1 ? '' : frame.slice(at + engineFolder.length);
    if (place !== '' && !place.startsWith(THROUGH)) return siteOfFrame(place);
  }
  throw new Error(`nobody in the engine commits:\n${frames.join('\n')}`);
}

const sites = new Map<string, Site>();

/** `place`: file, line and column. */
function siteOfFrame(place: string): Site {
  const known = sites.get(place);
  if (known !== undefined) return known;
  const [, file = '', line = ''] = /^([^:?]+)[^:]*:(\d+)/.exec(place) ?? [];
  const site = siteAt(file, readFileSync(`${engineFolder}${file}`, 'utf8'), Number(line) - 1);
  sites.set(place, site);
  return site;
}

/** The function whose text the line is in. */
function siteAt(file: string, text: string, line: number): Site {
  const before = text.split('\n').slice(0, line + 1);
  const names = before.flatMap((it) => /^(?:export )?(?:async )?function (\w+)/.exec(it)?.[1] ?? []);
  return `${file} ${names.at(-1) ?? ''}`;
}
