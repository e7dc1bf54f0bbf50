import { createHash } from 'node:crypto';
import jsonata from 'jsonata';
import { parseJson, type Json } from '../../core/json/index.ts';
import type { InterpreterOptions } from './interpreter-options.ts';
import { uuidFrom } from './uuid.ts';

export type Chance = Pick<InterpreterOptions, 'clock' | 'random'>;

/** A longer list of numbers would exceed a payload's limit, and a wrong step could ask for billions. */
const longestRange = 262_144;

const algorithms: { readonly [name: string]: string } = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

const formattedTime = jsonata('$fromMillis($at, $picture, $timezone)');

/** The functions that Step Functions adds to JSONata, and those of JSONata's own that would read a clock or roll dice. */
export function addOwnFunctions(expression: jsonata.Expression, { clock, random }: Chance): void {
  // Step Functions has no $eval.
  expression.assign('eval', undefined);
  expression.registerFunction('partition', partition, '<an:a>');
  expression.registerFunction('range', range, '<nnn:a>');
  expression.registerFunction('hash', hash, '<xs:s>');
  expression.registerFunction('parse', (text: string) => parseJson(text), '<s:x>');
  expression.registerFunction('uuid', () => uuidFrom(random), '<:s>');
  expression.registerFunction('random', (seed?: number) => (seed === undefined ? random() : seeded(seed)), '<n?:n>');
  expression.registerFunction('shuffle', (items: readonly Json[]) => shuffled(items, random), '<a:a>');
  expression.registerFunction('millis', () => clock.now(), '<:n>');
  expression.registerFunction(
    'now',
    (picture?: string, timezone?: string) => formattedTime.evaluate(undefined, { at: clock.now(), picture, timezone }),
    '<s?s?:s>',
  );
}

function partition(items: readonly Json[], size: number): Json[][] {
  if (!(size >= 1)) throw new Error(`A part of ${size} items is no part.`);
  const parts: Json[][] = [];
  for (let at = 0; at < items.length; at += Math.floor(size)) parts.push(items.slice(at, at + Math.floor(size)));
  return parts;
}

function range(first: number, last: number, step: number): number[] {
  const length = Math.floor((last - first) / step) + 1;
  if (!(length <= longestRange)) throw new Error(`A range from ${first} to ${last} by ${step} has no end in sight.`);
  return Array.from({ length: Math.max(length, 0) }, (_, index) => first + index * step);
}

function hash(data: Json, algorithm: string): string {
  const name = algorithms[algorithm];
  if (name === undefined) throw new Error(`There is no hash algorithm ${algorithm}.`);
  return createHash(name)
    .update(typeof data === 'string' ? data : JSON.stringify(data))
    .digest('hex');
}

/** The same number for the same seed. Which one is Step Functions' secret. */
function seeded(seed: number): number {
  return createHash('sha256').update(String(seed)).digest().readUIntBE(0, 6) / 2 ** 48;
}

function shuffled(items: readonly Json[], random: () => number): Json[] {
  const keyed = items.map((item) => ({ item, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}
