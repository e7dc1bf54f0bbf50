import fc from 'fast-check';
import type { Json } from '../../core/json/index.ts';

/** Texts that somewhere on the way mean something: to JSONata, ASL, CEL, YAML, JavaScript, SQL, to a terminal, or to the engine itself. */
export const meaningfulTexts: readonly string[] = [
  ...[
    '{% $states.context.Task.Token %}',
    '{% $eval("1") %}',
    '{%',
    '%}',
    '{%%}',
    '{% %}',
    '%}{%',
    ' {% 1 %}',
    '{% "',
    '\\u0025}',
  ],
  ...[
    "States.Format('{}', $.x)",
    'States.TaskFailed',
    'States.ALL',
    '$',
    '$$',
    '$.x',
    '$$.Task.Token',
    '$states',
    '$states.input',
  ],
  ...[
    '${',
    '$${',
    '$$${',
    '$$$${',
    '}',
    '${}',
    '${ input.values }',
    '${ tasks.echo.output',
    '{{ x }}',
    '%{x}',
    '#{x}',
    '<%= x %>',
  ],
  ...[
    'skein:dispatch',
    'skein:tenant',
    'skein:version',
    'skein:begin',
    'arn:aws:lambda:us-east-1:123456789012:function:x',
  ],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'then',
    'toJSON',
    'undefined',
    'NaN',
    'null',
    'true',
  ],
  ...[
    '',
    ' ',
    '\n',
    '\r\n',
    '\t',
    '\0',
    'a\0b',
    '\u0085',
    '\u2028',
    '\u2029',
    '\ufeff',
    '\ufffe',
    '\u202e',
    '\u0301',
    '\u007f',
  ],
  ...[
    '\ud800',
    '\udfff',
    'a\ud83d',
    '\ude00b',
    '\ud83d\ude00',
    '😀',
    'é',
    'e\u0301',
    'ß',
    'İ',
    'ﬀ',
    '\u001b[2J',
    '\b\b\b',
  ],
  ...[
    '"',
    "'",
    '\\',
    '\\"',
    '\\n',
    '\\u0000',
    '`',
    '/*',
    '*/',
    '//',
    '<!--',
    '</script>',
    "'; DROP TABLE events; --",
    '$(id)',
    '`id`',
  ],
  ...[
    '~',
    '- a',
    'a: b',
    '# c',
    '&a',
    '*a',
    '!!str',
    '<<',
    '|',
    '>',
    '---',
    '...',
    '[',
    '{',
    '1e999',
    '0x10',
    '-0',
    '1_000',
    '5%',
  ],
  ...[
    'exec_x',
    'echo[0]',
    'refine[0]/body',
    '../../etc/passwd',
    '2026-11-21T06:00:00Z',
    'y'.repeat(5_000),
    '{'.repeat(300),
  ],
];

/** Keys that a wrapper, a reference path or a library might take for its own. */
const meaningfulKeys: readonly string[] = [
  ...[
    'token.$',
    'Payload.$',
    '.$',
    '$',
    'inline',
    'blob',
    '$ref',
    '$id',
    '$schema',
    '_jsonata_lambda',
    '_jsonata_function',
  ],
  ...[
    'tenant',
    'execution',
    'token',
    'task',
    'v',
    'path',
    'output',
    'status',
    'length',
    'size',
    'valueOf',
    '0',
    '-1',
    '1.0',
  ],
];

/** One of the texts, several of them in a row, or any text at all, halves of surrogate pairs included. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...meaningfulTexts) },
  {
    weight: 2,
    arbitrary: fc.array(fc.constantFrom(...meaningfulTexts), { maxLength: 4 }).map((parts) => parts.join('')),
  },
  { weight: 2, arbitrary: fc.array(fc.nat(0xffff), { maxLength: 12 }).map((units) => String.fromCharCode(...units)) },
);

const anyKey = fc.oneof(hostileText, fc.constantFrom(...meaningfulKeys));

const scalar: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  fc.constantFrom<Json>(
    null,
    true,
    false,
    0,
    1,
    -1,
    0.1,
    1e21,
    5e-324,
    1.7976931348623157e308,
    9_007_199_254_740_993,
    -1e15,
  ),
  // JSON has one zero only.
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
);

/** Any JSON value; now and then as deep as an agent's answer may be. */
export const hostileJson: fc.Arbitrary<Json> = fc.oneof(
  { weight: 12, arbitrary: jsonWith(anyKey) },
  { weight: 1, arbitrary: fc.tuple(scalar, fc.nat(200)).map(([value, levels]) => nested(value, levels)) },
);

/** JSON that may stand in a definition: keys that lead to JavaScript's own objects are refused there. */
export const hostileLiteral: fc.Arbitrary<Json> = jsonWith(
  anyKey.filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key)),
).map(withSafeNumbers);

function jsonWith(key: fc.Arbitrary<string>): fc.Arbitrary<Json> {
  return fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      scalar,
      fc.array(tie('value'), { maxLength: 4 }),
      // Entries, because a literal would take `__proto__` for the prototype.
      fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((entries): Json => Object.fromEntries(entries)),
    ),
  })).value;
}

function nested(value: Json, levels: number): Json {
  let deep = value;
  for (let level = 0; level < levels; level += 1) deep = level % 2 === 0 ? [deep] : { deep };
  return deep;
}

/** A definition's whole numbers end at 2^53. */
function withSafeNumbers(value: Json): Json {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value) ? 0.5 : value;
  if (Array.isArray(value)) return value.map(withSafeNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withSafeNumbers(member)]));
}
