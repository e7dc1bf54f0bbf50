import { styleFor } from './render/style.ts';
import type { Surroundings } from './surroundings.ts';

/** A version of a workflow, just published or there before. */
export interface ReportedPublication {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  /** Epoch milliseconds. */
  readonly publishedAt: number;
  readonly isNew: boolean;
}

export function reportPublication(
  publication: ReportedPublication,
  json: boolean,
  { out, environment }: Pick<Surroundings, 'out' | 'environment'>,
): void {
  const { name, version, isNew } = publication;
  const said = isNew ? styleFor(out, environment)('good', 'published') : 'published before, with the same content:';
  out.write(json ? `${JSON.stringify(publication, null, 2)}\n` : `${said} ${name} ${version}\n`);
}
