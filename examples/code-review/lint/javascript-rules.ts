import type { Linter } from 'eslint';
import type { Severity } from '../findings/index.ts';

/**
 * Rules that find mistakes. None is about taste: a foreign repository has its own, and a review that argues about
 * style is not read to its end. None needs types either, because those need the repository's own configuration.
 */
const mistakes = [
  'array-callback-return',
  'constructor-super',
  'for-direction',
  'getter-return',
  'no-async-promise-executor',
  'no-class-assign',
  'no-compare-neg-zero',
  'no-cond-assign',
  'no-const-assign',
  'no-constant-binary-expression',
  'no-constant-condition',
  'no-debugger',
  'no-delete-var',
  'no-dupe-args',
  'no-dupe-else-if',
  'no-dupe-keys',
  'no-duplicate-case',
  'no-empty-character-class',
  'no-empty-pattern',
  'no-ex-assign',
  'no-func-assign',
  'no-global-assign',
  'no-import-assign',
  'no-invalid-regexp',
  'no-loss-of-precision',
  'no-misleading-character-class',
  'no-new-native-nonconstructor',
  'no-obj-calls',
  'no-octal',
  'no-self-assign',
  'no-self-compare',
  'no-setter-return',
  'no-shadow-restricted-names',
  'no-sparse-arrays',
  'no-this-before-super',
  'no-unexpected-multiline',
  'no-unreachable',
  'no-unreachable-loop',
  'no-unsafe-finally',
  'no-unsafe-negation',
  'no-unsafe-optional-chaining',
  'no-useless-backreference',
  'require-yield',
  'use-isnan',
  'valid-typeof',
] as const;

const leftovers = [
  'no-empty',
  'no-fallthrough',
  'no-irregular-whitespace',
  'no-unused-labels',
  'no-unused-private-class-members',
  'no-useless-catch',
  '@typescript-eslint/ban-ts-comment',
  '@typescript-eslint/no-unused-vars',
] as const;

const options: Readonly<Record<string, readonly unknown[]>> = {
  'array-callback-return': [{ allowImplicit: true }],
  'no-constant-condition': [{ checkLoops: 'none' }],
  'no-empty': [{ allowEmptyCatch: true }],
  // `for (const key in object) return false` asks whether there is a first one.
  'no-unreachable-loop': [{ ignore: ['ForInStatement', 'ForOfStatement'] }],
  '@typescript-eslint/ban-ts-comment': [
    { 'ts-expect-error': false, 'ts-ignore': true, 'ts-nocheck': true, 'ts-check': false },
  ],
  '@typescript-eslint/no-unused-vars': [
    {
      vars: 'local',
      args: 'none',
      caughtErrors: 'none',
      ignoreRestSiblings: true,
      varsIgnorePattern: '^_',
      destructuredArrayIgnorePattern: '^_',
    },
  ],
};

export const ruleSeverity: ReadonlyMap<string, Severity> = new Map<string, Severity>([
  ...mistakes.map((rule): [string, Severity] => [rule, 'medium']),
  ...leftovers.map((rule): [string, Severity] => [rule, 'low']),
]);

export const ruleConfig: Linter.RulesRecord = Object.fromEntries(
  [...ruleSeverity.keys()].map((rule) => [rule, ['error', ...(options[rule] ?? [])]]),
);
