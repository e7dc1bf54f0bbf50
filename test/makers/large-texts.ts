/** Hostile texts that are too large to be kept as files, by what they try. */
export const largeTexts: Readonly<Record<string, () => string>> = {
  // The most that a text may have, of everything that costs the reader something.
  '4 MiB of spaces': () => fill(' '),
  '4 MiB of carriage returns': () => fill('\r'),
  '4 MiB of tabs': () => fill('\t'),
  '4 MiB of one comment': () => fill('#'),
  '4 MiB of directives': () => fill('%YAML 1.2\n'),
  '4 MiB of documents': () => fill('---\n'),
  '4 MiB of document ends': () => fill('...\n'),
  '4 MiB of brackets': () => fill('['),
  '4 MiB of braces': () => fill('{a: '),
  '4 MiB of dashes': () => fill('- '),
  '4 MiB of question marks': () => fill('? '),
  '4 MiB of colons': () => fill(': '),
  '4 MiB of commas': () => fill(','),
  '4 MiB of single quotes': () => fill("'"),
  '4 MiB of anchors': () => fill('&a '),
  '4 MiB of aliases': () => fill('*a '),
  '4 MiB of tags': () => fill('!a '),
  '4 MiB of block texts': () => fill('|\n'),
  '4 MiB of folded texts': () => fill('a: >\n'),
  '4 MiB of at signs': () => fill('@'),
  '4 MiB of NUL': () => fill('\0'),
  '4 MiB of surrogates': () => fill('\ud800', MOST_BYTES / 3),
  '4 MiB of words on one line': () => `workflow: ${fill('a ', ALMOST)}`,
  '4 MiB of words on lines of their own': () => `workflow: ${fill('a\n ', ALMOST)}`,
  '4 MiB of one text': () => `workflow: "${fill('k', ALMOST)}"`,
  '4 MiB of escapes': () => `workflow: "${fill(String.raw`\u0061`, ALMOST)}"`,
  '4 MiB of emoji': () => `workflow: "${fill('😀', MOST_BYTES / 2 - 100)}"`,
  '4 MiB of one key': () => `workflow: { ${fill('k', ALMOST)}: 1 }`,
  '4 MiB and a byte': () => `${fill('#')}#`,
  'as many entries as a text may have, in a list': () => `workflow: [${list(199_000, () => 'k,')}]`,
  'as many entries as a text may have, lists in a list': () => `workflow: [${list(99_000, () => '[],')}]`,
  'as many entries as a text may have, in a mapping': () => `workflow: {${list(99_000, (n) => `k${n}: 1,`)}}`,
  'as many entries as a text may have, in blocks': () => `workflow:\n${list(99_000, () => '- a:\n')}`,
  'as many entries as a text may have, without keys': () => `workflow:\n${list(199_000, () => ':\n')}`,
  'as many entries as a text may have, dashes in dashes': () =>
    `workflow:\n${list(3_000, () => `${'- '.repeat(60)}\n`)}`,
  'one entry too many': () => `[${'1,'.repeat(200_000)}]`,
  '2,000 levels of indentation': () => list(2_000, (n) => `${' '.repeat(n)}a:\n`),
  '100,000 levels of JSON': () => `${'{"a":['.repeat(50_000)}1${']}'.repeat(50_000)}`,
  'data of 99,000 numbers': () => aTask(`input: [${list(99_000, (n) => `${n},`)}]`),
  'data of 50,000 keys': () => aTask(`input: {${list(50_000, (n) => `k${n}: 1,`)}}`),
  'a text of 3 MB as data': () => aTask(`input: { x: "${'x'.repeat(3_000_000)}" }`),

  // Graphs.
  '10,000 tasks': () => tasks(10_000, () => ''),
  '10,001 tasks': () => tasks(10_001, () => ''),
  '10,000 tasks in a chain': () => tasks(10_000, (n) => `depends_on: [${n === 0 ? '' : `t${n - 1}`}]`),
  '10,000 tasks in a cycle': () => tasks(10_000, (n) => `depends_on: [t${(n + 1) % 10_000}]`),
  '10,000 tasks in 5,000 cycles': () => tasks(10_000, (n) => `depends_on: [t${n % 2 === 0 ? n + 1 : n - 1}]`),
  '10,000 tasks of one name': () => document(list(10_000, () => '    - { id: a, agent: solo }\n')),
  '5,000 tasks that depend on at most four': () =>
    tasks(
      5_000,
      (n) =>
        `depends_on: [${[...new Set([1, 7, 61, 997].map((step) => (n * 7_919 + step) % (n + 1)))]
          .filter((on) => on !== n)
          .map((on) => `t${on}`)
          .join(', ')}]`,
    ),
  'a hundred tasks after each of a hundred': () => tasks(200, (n) => `depends_on: [${n < 100 ? '' : names(100)}]`),
  '440 tasks after each of 440': () => tasks(880, (n) => `depends_on: [${n < 440 ? '' : names(440)}]`),
  '400 tasks, each after all before it': () => tasks(400, (n) => `depends_on: [${names(n)}]`),
  '300 tasks, each after all': () => tasks(300, () => `depends_on: [${names(300)}]`),
  'a fence of 2,000': () =>
    tasks(2_000, (n) => `depends_on: [${n < 1_000 ? '' : `t${n - 1_000}, t${(n - 999) % 1_000}`}]`),
  '4,000 edges on failures': () =>
    tasks(4_000, (n) => (n < 2_001 ? 'continue_on_failure: true' : `depends_on: [{ task: t${n - 1}, on: failure }]`)),
  '2,000 groups of one': () =>
    document(list(2_000, (n) => `    - { id: g${n}, group: { tasks: [{ id: t${n}, agent: solo, timeout: 30 }] } }\n`)),
  '1,000 loops of two': () =>
    document(
      list(
        1_000,
        (n) =>
          `    - { id: l${n}, loop: { max_iterations: 1000, tasks: [{ id: a${n}, agent: solo, timeout: 30 }, { id: b${n}, agent: solo, timeout: 30, depends_on: [a${n}] }] } }\n`,
      ),
    ),
  '250 fan-outs of forty': () =>
    document(
      list(250, (n) => `    - { id: t${n}, agent: solo, timeout: 30, parallel: true }\n`),
      { agents: 'solo: { type: worker, count: 40 }' },
    ),
  // Names that resemble each other, so that each suggestion has to look at all of them.
  '10,000 dependencies on nobody': () =>
    tasks(
      10_000,
      (n) => `depends_on: [${likeness('b', n)}]`,
      (n) => likeness('c', n),
    ),
  '300 tasks of agents that nobody has': () =>
    document(
      list(300, (n) => `    - { id: t${n}, agent: ${likeness('b', n)} }\n`),
      { agents: list(8_000, (n) => `${likeness('c', n)}: { type: worker },`) },
    ),
  '1,000 retry policies that nobody has': () =>
    tasks(1_000, (n) => `retry_policy: ${likeness('b', n)}`, undefined, policies(8_000)),
  '5,000 tasks with one of 8,000 policies': () =>
    tasks(5_000, () => `idempotent: true, retry_policy: ${likeness('c', 7_999)}`, undefined, policies(8_000)),
  '15,000 agents of a type that nobody has': () =>
    document('    - { id: a, agent: c0, timeout: 30 }\n', { agents: list(15_000, (n) => `c${n}: { type: wroker },`) }),
  'an agent type of 4 MB': () =>
    document('    - { id: a, agent: solo, timeout: 30 }\n', { agents: `solo: { type: ${'w'.repeat(4_000_000)} }` }),
  'a hundred unknown keys of 30,000 letters': () => aTask(list(100, (n) => `${'k'.repeat(30_000)}${n}: 1, `)),
  'a dependency of 100,000 letters': () => aTask(`depends_on: [${'z'.repeat(100_000)}]`),
  'names of 100,000 letters': () => document(`    - { id: ${'x'.repeat(100_000)}, agent: ${'y'.repeat(100_000)} }\n`),
  'data under a key of 100,000 letters': () => aTask(`input: { ? ${'k'.repeat(100_000)} : ${'v'.repeat(100_000)} }`),
  'a hundred thousand digits as a duration': () => aTask(`heartbeat: "${'9'.repeat(100_000)}"`),
  'a webhook to 100,000 letters': () =>
    document(ONE, { top: `  webhooks: [{ url: "https://example.com/${'x'.repeat(100_000)}" }]\n` }),
  'a cron line of 100,000 numbers': () =>
    document(ONE, { top: `  schedule: [{ cron: "${'1,'.repeat(100_000)}1 * * * *" }]\n` }),
  '5,000 schedules': () => document(ONE, { top: `  schedule: [${list(5_000, () => '{ every: 5m },')}]\n` }),
  'a secret after 100,000 letters': () => aTask(`input: "${'x'.repeat(100_000)} AKIAIOSFODNN7EXAMPLE"`),
  'keys that nearly are secrets, of 100,000 letters': () =>
    aTask(`input: { ? "${'_'.repeat(100_000)}passwor" : abcdefghij }`),
  '90,000 beginnings of private keys': () => aTask(`input: "${'-----BEGIN '.repeat(90_000)}"`),
  '10,000 secrets': () => aTask(`input: [${list(10_000, () => '{ password: correct-horse },')}]`),

  // Expressions.
  '5,000 expressions': () => tasks(5_000, (n) => `input: "\${ input.a${n} + ${n} }"`),
  '3,000 conditions': () => tasks(3_000, (n) => `when: "\${ ${n} > 5 && [${n}].all(x, x > 0) }"`),
  '10,000 expressions in one text': () => aTask(`input: "${list(10_000, (n) => `\${input.a${n}}`)}"`),
  '99,000 expressions in one text': () => aTask(`input: "${list(99_000, (n) => `\${${n}}`)}"`),
  '900 expressions of 1,000 differences': () => tasks(900, (n) => `input: "\${ ${n}${'-1'.repeat(990)} }"`),
  '900 expressions of 500 members': () => tasks(900, (n) => `input: "\${ [${n}, ${list(490, () => 'input,')}] }"`),
  '30,000 wrong expressions behind an escape': () =>
    aTask(String.raw`input: "\u0061${list(30_000, (n) => `\${ ${'b'.repeat(100)}${n} }`)}"`),
  '199,000 texts, half of them expressions': () => aTask(`input: [${list(99_000, (n) => `"\${${n}}",0,`)}]`),
  '3 MB of beginnings of expressions': () => aTask(`input: "${fill('${ ', 3_000_000)}"`),
  '99,000 beginnings of expressions': () => aTask(`input: "${'${ '.repeat(99_000)}"`),
  '3 MB of escaped expressions': () => aTask(`input: "${fill('$${', 3_000_000)}"`),
  '3 MB of dollars': () => aTask(`input: "${fill('$', 3_000_000)}"`),
  'an expression of 3 MB': () => aTask(`input: "\${ ${fill('1+', 3_000_000)}1 }"`),
  'an expression of 100,000 parentheses': () => aTask(`input: "\${ ${'('.repeat(100_000)} }"`),
  '500 patterns, each slow by itself': () =>
    tasks(500, (n) => `when: "\${ '${'a'.repeat(200)}${n}'.matches('^(a|a)*(a+)+$') }"`),
  '200 conditions that compare lists pair by pair': () =>
    tasks(
      200,
      (n) => `when: "\${ [${n}, ${list(490, () => '1,')}].all(x, [${list(490, () => '2,')}].exists(y, x + y > 5)) }"`,
    ),
  '300 conditions that double a list': () =>
    tasks(300, (n) => `when: "\${ [[${n}, 0]]${'.map(x, x + x)'.repeat(30)}[0].size() > 3 }"`),

  // Schemas.
  '4,000 schemas': () => tasks(4_000, (n) => `output: { const: ${n} }`),
  '2,000 schemas that name themselves': () => tasks(2_000, (n) => `output: { $id: "x${n}", const: 1 }`),
  '2,000 schemas of one name': () => tasks(2_000, (n) => `output: { $id: x, const: ${n} }`),
  'a schema of 20,000 properties': () =>
    withInput(`{ properties: {${list(20_000, (n) => `p${n}: { type: string },`)}} }`),
  'a schema of 900 properties': () =>
    withInput(`{ properties: {${list(900, (n) => `p${n}: { type: string, minLength: 1 },`)}} }`),
  'fifteen schemas of 800 properties': () =>
    tasks(15, (n) => `output: { title: x${n}, properties: {${list(800, (p) => `p${p}: { minLength: ${n} },`)}} }`),
  'forty schemas of 900 properties': () =>
    tasks(
      40,
      (n) => `output: { title: x${n}, properties: {${list(900, (p) => `p${p}: { type: string, minLength: ${n} },`)}} }`,
    ),
  'a schema of 90,000 words to choose from': () => withInput(`{ enum: [${list(90_000, (n) => `p${n},`)}] }`),
  'a schema of 90,000 words to choose from, twice each': () =>
    withInput(`{ enum: [${list(90_000, (n) => `p${n % 45_000},`)}] }`),
  'a schema of 90,000 required keys': () => withInput(`{ required: [${list(90_000, (n) => `p${n},`)}] }`),
  'a schema of 30,000 alternatives': () => withInput(`{ anyOf: [${list(30_000, (n) => `{ minLength: ${n} },`)}] }`),
  'a schema of 20,000 references in a row': () =>
    withInput(
      `{ $ref: "#/$defs/d0", $defs: {${list(20_000, (n) => `d${n}: { $ref: "#/$defs/d${(n + 1) % 20_000}" },`)}} }`,
    ),
  'a schema of 200 references to all': () =>
    withInput(
      `{ $ref: "#/$defs/d0", $defs: {${list(199, (n) => `d${n}: { properties: { a: { $ref: "#/$defs/d${(n * 7 + 1) % 199}" } } },`)}} }`,
    ),
  'a schema of 900 slow patterns': () =>
    withInput(`{ properties: {${list(900, (n) => `p${n}: { pattern: "^(a+)+${n}$" },`)}} }`),
  'a schema with a pattern of 1 MB': () => withInput(`{ pattern: "${'(a|b)*'.repeat(170_000)}" }`),
};

const MOST_BYTES = 4 * 1024 * 1024;
/** Room for what stands around it. */
const ALMOST = MOST_BYTES - 100;
const ONE = '    - { id: a, agent: solo, timeout: 30 }\n';

function fill(part: string, bytes = MOST_BYTES): string {
  return part.repeat(Math.floor(bytes / part.length));
}

function list(count: number, item: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => item(n)).join('');
}

function names(count: number): string {
  return Array.from({ length: count }, (_, n) => `t${n}`).join(', ');
}

/** 61 letters: alike for all `n` but for their beginning and their end. */
function likeness(first: string, n: number): string {
  return `${first}${'ax'.repeat(27)}${String(n).padStart(6, '0')}`;
}

function policies(count: number): string {
  return `  retry_policies: {${list(count, (n) => `${likeness('c', n)}: {},`)}}\n`;
}

function document(tasksText: string, { top = '', agents = 'solo: { type: worker }' } = {}): string {
  return `workflow:\n  name: hostile\n  version: "1"\n  owner: { agent: nobody }\n  timeout: 1h\n${top}  agents: { ${agents} }\n  tasks:\n${tasksText}`;
}

function tasks(count: number, more: (n: number) => string, id = (n: number): string => `t${n}`, top = ''): string {
  return document(
    list(count, (n) => `    - { id: ${id(n)}, agent: solo, timeout: 30, ${more(n)} }\n`),
    { top },
  );
}

function aTask(more: string): string {
  return document(`    - { id: a, agent: solo, timeout: 30, ${more} }\n`);
}

function withInput(schema: string): string {
  return document(ONE, { top: `  input: ${schema}\n` });
}
