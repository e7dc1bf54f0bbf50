import { stripVTControlCharacters } from 'node:util';

/** Text of agents and authors as one harmless line: no line breaks, and nothing that could move a terminal's cursor. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
}
