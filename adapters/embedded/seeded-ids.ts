import { executionId } from '../../core/ids/index.ts';
import type { Ids } from '../../core/ports/index.ts';
import { createChance } from '../../core/chance/index.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 10 digits that count the executions in place of the time, 16 random ones. */
const COUNT_DIGITS = 10;
const RANDOM_DIGITS = 16;

/** The same seed, the same ids: shaped and sorted like those of createSystemIds. */
export function createSeededIds(seed: number): Ids {
  const random = createChance(seed);
  let executions = 0;
  const digits = (count: number): string =>
    Array.from({ length: count }, () => ALPHABET.charAt(Math.floor(random() * 32))).join('');

  return {
    executionId: () => {
      const count = (executions++).toString(32).replaceAll(/./g, (digit) => ALPHABET.charAt(parseInt(digit, 32)));
      return executionId(`exec_${count.padStart(COUNT_DIGITS, '0')}${digits(RANDOM_DIGITS)}`);
    },
    engineId: () =>
      `eng_${Buffer.from(Array.from({ length: 16 }, () => Math.floor(random() * 256))).toString('base64url')}`,
    random,
  };
}
