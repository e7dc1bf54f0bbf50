import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Cause } from '../../core/execution/index.ts';
import { checkout } from '../architecture/source-file.ts';
import { goldenCases, goldenFile } from '../makers/golden.ts';

/** Each of them, by the compiler's word. */
const causes: Readonly<Record<Cause['kind'], true>> = {
  dependency: true,
  concurrency: true,
  schedule: true,
  breaker: true,
  rate: true,
  pool: true,
  same_call: true,
  budget: true,
  event: true,
  approval: true,
  retry: true,
  pause: true,
};

const text = readFileSync(`${checkout}docs/guide/explain.md`, 'utf8');
const recorded = goldenCases('explain').map((name) =>
  readFileSync(goldenFile('explain', name, 'explanation.txt'), 'utf8'),
);
const rows = text.matchAll(/^\| (?<cause>[^|]*) \| (?<sentence>[A-Z][^|]*\.) \|/gm).map(({ groups }) => groups ?? {});
const examples = [...rows].map(({ cause = '', sentence = '' }) => ({ cause, sentence }));

describe('the guide on explanations', () => {
  it.each(Object.keys(causes))('gives an example of %s', (kind) => {
    expect(examples.filter(({ cause }) => cause.startsWith(`\`${kind}\``))).not.toEqual([]);
  });

  it.each(examples)('says of $cause what is said: $sentence', ({ sentence }) => {
    expect(recorded.filter((explanation) => explanation.includes(sentence))).not.toEqual([]);
  });
});
