import { randomBytes } from 'node:crypto';
import { executionId } from '../../core/ids/index.ts';
import type { Clock, Ids } from '../../core/ports/index.ts';

/** Crockford's base 32: no I, L, O or U, and in the order of its values. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 50 bits of milliseconds: enough until the year 37,000. */
const TIME_DIGITS = 10;
/** 80 bits. */
const RANDOM_DIGITS = 16;

/** Ids of executions sort by the moment they were made, also within a millisecond and when the clock is set back. */
export function createSystemIds({ clock }: { clock: Clock }): Ids {
  let time = 0;
  let digits: number[] = [];

  return {
    executionId: () => {
      const now = Math.floor(clock.now());
      if (now > time || digits.length === 0) {
        time = now;
        digits = randomDigits();
      } else {
        increment(digits);
      }
      return executionId(`exec_${timeDigits(time)}${digits.map((digit) => ALPHABET.charAt(digit)).join('')}`);
    },
    engineId: () => `eng_${randomBytes(16).toString('base64url')}`,
    random: () => Math.random(),
  };
}

/** The first digit is below 16, so that counting up within one millisecond cannot overflow. */
function randomDigits(): number[] {
  return [...randomBytes(RANDOM_DIGITS)].map((byte, at) => byte & (at === 0 ? 15 : 31));
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

/** `evt_` and 128 random bits: an event that somebody publishes from outside. */
export function createEventId(): string {
  return `evt_${randomBytes(16).toString('base64url')}`;
}

/** 256 random bits, for signing or for a bearer. */
export function createSecret(): string {
  return randomBytes(32).toString('base64url');
}
