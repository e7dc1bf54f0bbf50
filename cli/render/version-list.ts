import type { PublishedVersion } from '../../core/ports/index.ts';
import { alignColumns, cell } from './columns.ts';
import { timestamp } from './numbers.ts';
import type { Style } from './style.ts';

/** Published versions as a table, in the order given. */
export function renderVersions(versions: readonly PublishedVersion[], style: Style): string[] {
  const titles = ['workflow', 'version', 'published'].map((title) => cell(title, style('quiet', title)));
  const rows = versions.map(({ name, version, publishedAt }) => [
    cell(name),
    cell(version),
    cell(timestamp(publishedAt)),
  ]);
  return alignColumns([titles, ...rows]);
}
