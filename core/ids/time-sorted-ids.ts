import { executionId, type ExecutionId } from './ids.ts';

/** Crockford's base 32: no I, L, O or U, and in the order of its values. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 50 bits of milliseconds: enough until the year 37,000. */
const TIME_DIGITS = 10;
/** 80 bits. */
const RANDOM_DIGITS = 16;

interface World {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** This many bytes, unpredictable. */
  readonly draw: (count: number) => Uint8Array;
}

/** Makes ids that sort by the moment they were made, also within a millisecond and when the clock is set back. */
export function createTimeSortedIds({ now, draw }: World): () => ExecutionId {
  let time = 0;
  let digits: number[] = [];

  return () => {
    const moment = Math.floor(now());
    if (moment > time || digits.length === 0) {
      time = moment;
      digits = digitsOf(draw(RANDOM_DIGITS));
    } else {
      increment(digits);
    }
    return executionId(`exec_${timeDigits(time)}${digits.map((digit) => ALPHABET.charAt(digit)).join('')}`);
  };
}

/** The first digit is below 16, so that counting up within one millisecond cannot overflow. */
function digitsOf(bytes: Uint8Array): number[] {
  return [...bytes].map((byte, at) => byte & (at === 0 ? 15 : 31));
}

function increment(digits: number[]): void {
  let at = digits.length - 1;
  while (digits[at] === 31) digits[at--] = 0;
  digits[at] = (digits[at] ?? 0) + 1;
}

function timeDigits(time: number): string {
  const text: string[] = [];
  for (let rest = time; text.length < TIME_DIGITS; rest = Math.floor(rest / 32))
    text.unshift(ALPHABET.charAt(rest % 32));
  return text.join('');
}
