import type { CodeRow } from './code-row.ts';

/** DEF1xx: the shape of a text. */
export const shapeCodes = {
  DEF101: {
    severity: 'error',
    title: 'The text is too large',
    fix: 'A definition has at most 4 MiB. Move large data to where the agents can fetch it, or split the workflow.',
  },
  DEF102: {
    severity: 'error',
    title: 'Nested too deeply',
    fix: 'A definition is at most 64 levels deep. Deeply nested input belongs into a document that an agent reads.',
  },
  DEF103: {
    severity: 'error',
    title: 'Neither YAML nor JSON',
    fix: 'Correct the syntax at the marked place. Common causes: a tab in the indentation, a missing quote, a colon inside a plain text.',
  },
  DEF104: {
    severity: 'error',
    title: 'More than one document',
    fix: 'One text holds one definition. Put what follows `---` into a file of its own.',
  },
  DEF105: {
    severity: 'error',
    title: 'The text is empty',
    fix: 'A definition starts with `workflow:`.',
  },
  DEF106: {
    severity: 'error',
    title: 'Anchors, aliases and tags are not allowed',
    fix: 'Write the value out. Repeated policies go under `retry_policies`, repeated agents under `agents`.',
  },
  DEF107: {
    severity: 'error',
    title: 'A key stands twice',
    fix: 'Keep one of the two. YAML would silently take one of them.',
  },
  DEF108: {
    severity: 'error',
    title: 'A key that is not allowed',
    fix: 'Keys are texts, and `__proto__`, `constructor` and `prototype` mean something else to JavaScript: choose another name.',
  },
  DEF109: {
    severity: 'error',
    title: 'A number that JSON cannot carry exactly',
    fix: 'Whole numbers go up to 2^53. Write larger ones, infinity and not-a-number as texts.',
  },
  DEF110: {
    severity: 'error',
    title: 'Too many tasks',
    fix: 'A workflow has at most 10,000 tasks. Use a fan-out for work that is alike, or child workflows.',
  },
  DEF111: {
    severity: 'error',
    title: 'Unknown key',
    fix: 'Correct the spelling, or remove the key: nothing would read it.',
  },
  DEF112: {
    severity: 'error',
    title: 'Wrong type',
    fix: 'Write a value of the type that is named. YAML reads an unquoted 1.0 as a number and an unquoted true as a truth value.',
  },
  DEF113: {
    severity: 'error',
    title: 'A key is missing',
    fix: 'Add the key.',
  },
  DEF114: {
    severity: 'error',
    title: 'A value that is not allowed',
    fix: 'Choose one of the values, or stay in the range, that the message names.',
  },
  DEF199: {
    severity: 'warning',
    title: 'More findings than are shown',
    fix: 'Correct what is shown and look again: the rest often follows from it.',
  },
} as const satisfies Record<string, CodeRow>;
