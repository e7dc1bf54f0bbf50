import { describe, expect, it } from 'vitest';
import { matchesPattern } from '../../../core/execution/index.ts';
import type { Json } from '../../../core/json/index.ts';

const build: Json = { repository: 'skein', status: 'green', author: { name: 'ada', teams: ['core'] }, took: null };

describe('matchesPattern', () => {
  it.each<[Json, Json]>([
    [{}, build],
    [{}, 'anything'],
    [{ status: ['green'] }, build],
    [{ status: ['red', 'green'] }, build],
    [{ status: 'green' }, build],
    [{ status: 'green', repository: ['skein'] }, build],
    [{ author: { name: ['ada'] } }, build],
    [{ author: { teams: [['core']] } }, build],
    [{ took: [null] }, build],
    [{ took: null }, build],
  ])('lets %j match %j', (pattern, data) => {
    expect(matchesPattern(pattern, data)).toBe(true);
  });

  it.each<[string, Json, Json]>([
    ['a value that is not listed', { status: ['red'] }, build],
    ['one of two members', { status: ['red'], repository: ['skein'] }, build],
    ['a member that is missing', { branch: ['main'] }, build],
    ['null for a member that is missing', { branch: [null] }, build],
    ['a nested member', { author: { name: ['eve'] } }, build],
    ['a nested pattern on a value that is no object', { status: { name: ['ada'] } }, build],
    ['an empty list', { status: [] }, build],
    ['another type of the same text', { status: ['1'] }, { status: 1 }],
    ['a list that holds the value', { author: { teams: ['core'] } }, build],
    ['a member that JavaScript gives every object', { toString: {} }, {}],
    ['data that is no object', { 0: ['a'] }, ['a']],
    ['a pattern that is no object', ['green'], ['green']],
    ['an empty list for a pattern', [], {}],
  ])('refuses %s', (_what, pattern, data) => {
    expect(matchesPattern(pattern, data)).toBe(false);
  });
});
