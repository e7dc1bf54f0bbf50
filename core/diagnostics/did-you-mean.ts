/** What is further away is another word; and looking further would let names that somebody has made up cost minutes. */
const MOST_SLIPS = 3;
/** Of more candidates the first ones are looked at: names made up to be slow cost 4 µs each, and 200 findings may ask. */
const MOST_CANDIDATES = 1_000;

/** The candidate that the word is most likely a slip of, or undefined when none is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  // One slip in three characters: more, and short words would all resemble each other.
  let furthest = Math.min(MOST_SLIPS, Math.max(1, Math.floor(word.length / 3)), word.length - 1);
  const meant = word.toLowerCase();
  let best: string | undefined;
  for (const candidate of Iterator.from(candidates).take(MOST_CANDIDATES)) {
    const found = candidate.toLowerCase();
    while (isWithin(furthest, { text: meant, at: 0 }, { text: found, at: 0 })) {
      best = candidate;
      furthest -= 1;
    }
  }
  return best;
}

/** A text from a position on. */
interface Rest {
  readonly text: string;
  readonly at: number;
}

/**
 * Whether so many slips make one text the other: letters added, lost, changed, or swapped with their neighbour; fewer than none never
 * do. It branches where the texts differ, at most three times in a row; a table of distances would have a cell for each pair of letters.
 */
function isWithin(slips: number, one: Rest, other: Rest): boolean {
  const same = commonStart(one, other);
  const [left, right] = [one.text.length - one.at - same, other.text.length - other.at - same];
  if (Math.abs(left - right) > slips) return false;
  if (left === 0 || right === 0) return true;
  if (slips === 0) return false;
  const after = (from: Rest, letters: number): Rest => ({ text: from.text, at: from.at + same + letters });
  const goesOn = (letters: number, others: number): boolean =>
    isWithin(slips - 1, after(one, letters), after(other, others));
  return goesOn(1, 1) || goesOn(1, 0) || goesOn(0, 1) || (isSwapped(after(one, 0), after(other, 0)) && goesOn(2, 2));
}

function commonStart(one: Rest, other: Rest): number {
  let length = 0;
  // Behind the end of a text there is NaN, which equals nothing.
  while (one.text.charCodeAt(one.at + length) === other.text.charCodeAt(other.at + length)) length += 1;
  return length;
}

function isSwapped(one: Rest, other: Rest): boolean {
  const letter = ({ text, at }: Rest, offset: number): number => text.charCodeAt(at + offset);
  return letter(one, 0) === letter(other, 1) && letter(one, 1) === letter(other, 0);
}
