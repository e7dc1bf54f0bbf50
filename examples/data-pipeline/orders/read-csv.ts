import { readFile } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';

/** The checkout that these agents live in. An agent may be started from anywhere, so the working directory says nothing. */
const checkout = resolve(import.meta.dirname, '../../..');

/** A relative path starts at this checkout. */
export function resolvePath(path: string): string {
  return isAbsolute(path) ? path : join(checkout, path);
}

/** A source that does not answer. The engine's error table knows the name: retry policies may try again. */
export class AgentUnavailable extends Error {
  override readonly name = 'AgentUnavailable';
}

export async function readCsv(path: string): Promise<string[][]> {
  const text = await readFile(resolvePath(path), 'utf8').catch((error: unknown) => {
    throw new AgentUnavailable(`The source ${path} does not answer.`, { cause: error });
  });
  return parseCsv(text);
}

/** The file is wrong and stays wrong: the engine never retries this name. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
}

/** RFC 4180: fields in quotes may hold commas, line breaks and doubled quotes. Empty lines are passed over. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let read = 0;
  for (const match of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    const [all, quoted, plain, end] = match;
    if (match.index !== read) throw new InvalidInput(`A quote is out of place in row ${rows.length + 1}.`);
    read += all.length;
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}

export function formatCsv(rows: readonly (readonly (string | number)[])[]): string {
  const field = (value: string | number): string =>
    /[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
  return rows.map((row) => `${row.map(field).join(',')}\n`).join('');
}
