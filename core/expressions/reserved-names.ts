/**
 * CEL keeps `loop` for itself and refuses it as a name; the language has given it a meaning. Before parsing it is written as this
 * name of the same length, so that every offset stays what it was.
 */
const HIDDEN = new Map([['loop', 'l__p']]);
const AUTHORS_NAME = new Map([...HIDDEN].map(([shown, hidden]) => [hidden, shown]));

/** A string in any of its spellings, a comment, a dot with what may stand before a member's name, a word, or one other character. */
const PIECE =
  /"{3}(?:\\[^]|[^\\])*?"{3}|'{3}(?:\\[^]|[^\\])*?'{3}|"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'|\/\/[^\n]*|\w+|[^]/g;

/** The source as CEL may read it, or the name in it that nobody but us may write. Members keep their names: `input.loop` is data. */
export function hideReservedNames(source: string): { readable: string; taken?: { offset: number; length: number } } {
  // Almost no expression has one, and this is asked of every expression.
  if (![...HIDDEN].flat().some((name) => source.includes(name))) return { readable: source };
  let text = '';
  let afterDot = false;
  for (const [piece] of source.matchAll(PIECE)) {
    const hidden = afterDot ? undefined : HIDDEN.get(piece);
    if (!afterDot && AUTHORS_NAME.has(piece))
      return { readable: source, taken: { offset: text.length, length: piece.length } };
    afterDot = piece === '.' || (afterDot && isBetween(piece));
    text += hidden ?? piece;
  }
  return { readable: text };
}

/** What may stand between a dot and the member: the mark of `.?`, white space, a comment. */
function isBetween(piece: string): boolean {
  return piece === '?' || piece.startsWith('//') || piece.trim() === '';
}

export function hiddenName(name: string): string {
  return HIDDEN.get(name) ?? name;
}

export function authorsName(name: string): string {
  return AUTHORS_NAME.get(name) ?? name;
}

/** A sentence of the library with the author's names in it. */
export function withAuthorsNames(message: string): string {
  return [...AUTHORS_NAME].reduce((text, [hidden, shown]) => text.replaceAll(hidden, shown), message);
}
