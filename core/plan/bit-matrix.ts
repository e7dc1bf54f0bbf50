import { at } from './at.ts';

/** Sets of small numbers, one a row: 12.5 MB hold the ancestors of 10,000 tasks. */
export class BitMatrix {
  /** Words in a row. */
  #words: number;
  readonly #bits: Uint32Array;
  /** Words in use of each row. Ancestors have small numbers in a topological numbering, so rows are short on average. */
  readonly #used: Uint32Array;

  constructor(rows: number, columns: number) {
    this.#words = (columns + 31) >>> 5;
    this.#bits = new Uint32Array(rows * this.#words);
    this.#used = new Uint32Array(rows);
  }

  has(row: number, column: number): boolean {
    return ((at(this.#bits, row * this.#words + (column >>> 5)) >>> (column & 31)) & 1) === 1;
  }

  add(row: number, column: number): void {
    const word = column >>> 5;
    const index = row * this.#words + word;
    this.#bits[index] = at(this.#bits, index) | (1 << (column & 31));
    if (at(this.#used, row) <= word) this.#used[row] = word + 1;
  }

  /** Adds everything that `other` has to `row`. */
  include(row: number, other: number): void {
    const bits = this.#bits;
    const used = at(this.#used, other);
    const into = row * this.#words;
    const from = other * this.#words;
    for (let word = 0; word < used; word++) bits[into + word] = at(bits, into + word) | at(bits, from + word);
    if (at(this.#used, row) < used) this.#used[row] = used;
  }

  size(row: number): number {
    const start = row * this.#words;
    let size = 0;
    for (let word = start; word < start + at(this.#used, row); word++) size += ones(at(this.#bits, word));
    return size;
  }

  /** Do both matrices, of equal width, hold the same set in this row? */
  sameRow(row: number, other: BitMatrix): boolean {
    const start = row * this.#words;
    for (let word = start; word < start + this.#words; word++) {
      if (at(this.#bits, word) !== at(other.#bits, word)) return false;
    }
    return true;
  }

  /** Makes it an empty matrix of at most its first size, so that one allocation serves many. */
  reshape(rows: number, columns: number): void {
    this.#words = (columns + 31) >>> 5;
    this.#bits.fill(0, 0, rows * this.#words);
    this.#used.fill(0, 0, rows);
  }
}

/** The number of ones in a word, in parallel by halves. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
