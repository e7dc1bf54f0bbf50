import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Document, Problem } from './document.ts';

/** Links to files that do not exist. Links into the web, and to places within a page, are not followed. */
export function checkLinks(folder: string, documents: readonly Document[]): readonly Problem[] {
  return documents.flatMap(({ path, links }) =>
    links
      .filter(({ target }) => !/^[a-z][a-z\d+.-]*:|^#|^\/\//i.test(target))
      .filter(({ target }) => !existsSync(fileOf(folder, path, target)))
      .map(({ target, line }) => ({ path, line, problem: `links to ${target}, which does not exist` })),
  );
}

function fileOf(folder: string, path: string, target: string): string {
  const file = (/^[^?#]*/.exec(target)?.[0] ?? target).replace(/%20/g, ' ');
  return resolve(dirname(join(folder, path)), file);
}
