import { digestOfText } from '../../core/json/index.ts';

/** Step Functions' limit for the name of a state, in characters. */
export const LONGEST_NAME = 80;

const SUFFIX_LENGTH = 6;
/** Control characters and halves of a surrogate pair. */
const ILLEGAL = /\p{Cc}|\p{Cs}/gu;

/**
 * The names of one machine's states: unique across all its branches, as Step Functions wants them. A name stays as it was
 * wished for where that is possible, and else ends in a few characters of its digest: same wishes, same names.
 */
export class NameTable {
  readonly #taken = new Set<string>();

  claim(wish: string): string {
    const legal = wish.replace(ILLEGAL, '_').trim();
    let name = legal;
    for (let attempt = 0; !this.#isFree(name); attempt++) {
      const suffix = digestOfText(`${attempt} ${wish}`).slice(0, SUFFIX_LENGTH);
      name = `${shortened(legal, LONGEST_NAME - SUFFIX_LENGTH - 1)}-${suffix}`;
    }
    this.#taken.add(name);
    return name;
  }

  #isFree(name: string): boolean {
    return name !== '' && name.length <= LONGEST_NAME && !this.#taken.has(name);
  }
}

/** Cuts between characters, never inside one that takes two units. */
function shortened(text: string, length: number): string {
  let short = '';
  for (const character of text) {
    if (short.length + character.length > length) break;
    short += character;
  }
  return short;
}
