import { describe, expect, it } from 'vitest';
import { isAllowed, type SimulatedRole, type Statement } from '../makers/policy-simulator.ts';

function statement(effect: Statement['effect'], action: string, resource: string, more = {}): Statement {
  return { effect, actions: [action], resources: [resource], conditions: {}, principals: undefined, ...more };
}

function roleWith(...statements: Statement[]): SimulatedRole {
  return { arn: 'arn:role', statements, trust: [] };
}

const request = { action: 's3:GetObject', resource: 'arn:aws:s3:::ours/a' };

describe('isAllowed', () => {
  it.each([
    ['nothing', [], false],
    ['the very action and resource', [statement('Allow', 's3:GetObject', 'arn:aws:s3:::ours/a')], true],
    ['an action in other letters', [statement('Allow', 'S3:getobject', 'arn:aws:s3:::ours/a')], true],
    ['globs', [statement('Allow', 's3:Get*', 'arn:aws:s3:::our?/*')], true],
    ['a resource in other letters', [statement('Allow', 's3:GetObject', 'arn:aws:s3:::OURS/a')], false],
    ['a glob that ends before', [statement('Allow', 's3:Get*', 'arn:aws:s3:::our')], false],
    ['a dot that is no glob', [statement('Allow', 's3.GetObject', '*')], false],
    [
      'an allow beside a deny',
      [statement('Allow', 's3:*', '*'), statement('Deny', 's3:GetObject', 'arn:aws:s3:::ours/*')],
      false,
    ],
  ] as const)('judges %s', (_, statements, expected) => {
    expect(isAllowed(roleWith(...statements), request)).toBe(expected);
  });

  it('asks the boundary as well', () => {
    const wide = statement('Allow', '*', '*');

    const judged = [[wide], []].map((boundary) => isAllowed({ ...roleWith(wide), boundary }, request));

    expect(judged).toEqual([true, false]);
  });

  it.each([
    [{ StringEquals: { key: 'a' } }, { key: 'a' }, true],
    [{ StringEquals: { key: 'a' } }, {}, false],
    [{ StringEquals: { key: '${of}' } }, { key: 'a', of: 'a' }, true],
    [{ StringEquals: { key: '${of}' } }, { key: 'a', of: 'b' }, false],
    [{ StringEquals: { key: '${of}' } }, { key: '${of}' }, false],
    [{ StringLike: { key: '?*' } }, { key: '' }, false],
    [{ 'ForAllValues:StringEquals': { key: ['a'] } }, { key: ['a', 'b'] }, false],
    [{ 'ForAllValues:StringEquals': { key: ['a'] } }, {}, true],
    [{ StringEquals: { key: 'a' }, StringLike: { other: 'b*' } }, { key: 'a', other: 'c' }, false],
  ])('holds %j of %j to be %s', (conditions, context, expected) => {
    const role = roleWith(statement('Allow', '*', '*', { conditions }));

    expect(isAllowed(role, { ...request, context })).toBe(expected);
  });

  it('refuses a condition that it does not know, rather than guess', () => {
    const role = roleWith(statement('Allow', '*', '*', { conditions: { NumericLessThan: { key: '3' } } }));

    expect(() => isAllowed(role, request)).toThrow('NumericLessThan');
  });
});
