import fc from 'fast-check';
import type { Json, JsonObject } from '../core/json/index.ts';

/**
 * What is known of an output when the definition is written: `typed` has a schema with `ok`, and other members are refused by the
 * compiler; so has each of a `typed-list`; `members` has the outputs of a container's tasks.
 */
export type Shape = 'answer' | 'typed' | 'list' | 'typed-list' | 'members' | 'event' | 'nothing' | 'child';

/** A task that expressions may read. */
export interface Reach {
  readonly id: string;
  readonly shape: Shape;
  /** Of a container. */
  readonly members?: readonly string[];
}

/** What expressions may read at one place. */
export interface Sight {
  readonly reach: readonly Reach[];
  readonly hasIndex: boolean;
  /** What a call is about; `thing` perhaps has members, `typed` has `ok` and no others. */
  readonly item: 'thing' | 'value' | 'typed' | 'batch' | undefined;
  /** In a loop's body: ids of its members. */
  readonly loop: readonly string[] | undefined;
}

/** A number that becomes an expression, and one that says what it reads. */
export interface Form {
  readonly form: number;
  readonly pick: number;
}

/** Numbers that become expressions once it is known what is upstream. */
export interface Wiring {
  readonly condition: (Form & { readonly than: number }) | undefined;
  readonly members: readonly Form[];
  /** The input as a whole is one expression, no object. */
  readonly isWhole: boolean;
}

const number = fc.nat(59);

export const randomWiring: fc.Arbitrary<Wiring> = fc.record({
  condition: fc.oneof(
    { withCrossShrink: true },
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.record({ form: number, pick: number, than: fc.nat(9) }) },
  ),
  members: fc.array(fc.record({ form: number, pick: number }), { maxLength: 3 }),
  isWhole: fc.oneof(
    { withCrossShrink: true },
    { weight: 8, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
});

export const picked = <T>(options: readonly T[], pick: number): T | undefined =>
  options[pick % Math.max(options.length, 1)];

const expression = (source: string): string => `\${ ${source} }`;
const memberOf = (owner: string, id: string): string => (id.includes('-') ? `${owner}["${id}"]` : `${owner}.${id}`);
const taskName = (id: string): string => memberOf('tasks', id);

/** Conditions that read the execution's input; the last two are no booleans or fail, as a careless author's may. */
const inputConditions = (than: number): string[] => [
  'input.flag',
  `input.n > ${than}`,
  '!input.flag',
  `input.n <= ${than} || input.label == "a"`,
  'size(input.list) >= 1',
  'input.label in ["a", "b"]',
  'input.flag ? input.n > 2 : input.label != "b"',
  'workflow.version == "1"',
  'input.flag || input.n == 5',
  'input.label != "a" && !input.flag',
  'input.n >= 1',
  'input.list == []',
  'input.list[1] > 3',
  'input.label',
];

const statusConditions = (name: string): string[] => [
  `${name}.status == "succeeded"`,
  `${name}.status != "failed"`,
  `${name}.status in ["succeeded", "skipped"]`,
  `${name}.output != null`,
];

function outputConditions(name: string, { shape, members: [first = ''] = [] }: Reach, than: number): string[] {
  const guarded = `${name}.status == "succeeded" && ${name}.output.ok`;
  const member = memberOf(`${name}.output`, first);
  switch (shape) {
    case 'list':
    case 'typed-list':
      return [`size(${name}.output) > 1`, `${name}.output != null && ${name}.output[0] != null`];
    case 'typed':
      return [guarded];
    case 'members':
      return [`${name}.output != null && ${member} != null`, `${member} == null`];
    case 'event':
      return [`${name}.output != null && ${name}.output.data.n > ${than}`, `${name}.output.type == "ping"`];
    case 'answer':
      return [
        guarded,
        `${name}.output.ok`,
        `${name}.output.n > ${than}`,
        `${name}.output != null && ${name}.output.n == 5`,
      ];
    default:
      return [];
  }
}

function loopConditions([first = '']: readonly string[], pick: number): string[] {
  const before = memberOf('loop.previous', first);
  return [
    'loop.index == 0',
    `loop.index != ${pick % 3}`,
    `loop.previous == null || ${before}.status == "succeeded"`,
    `loop.index == 0 || ${before}.output != null`,
    `loop.index < 2`,
    `${before}.output != null`,
  ];
}

/** The condition of a fan-out's item or of any task; a `for_each` does not know its items there. */
export function wireCondition({ condition }: Wiring, { reach, hasIndex, loop }: Sight): string | undefined {
  if (!condition) return undefined;
  const { form, pick, than } = condition;
  if (hasIndex && form % 3 === 0)
    return expression(picked(['index == 0', 'index != 1', `index < ${than % 4}`], pick) ?? '');
  if (loop && form % 3 === 1) return expression(picked(loopConditions(loop, than), form >> 2) ?? '');
  const source = picked(reach, pick);
  if (!source || form % 4 === 0) return expression(picked(inputConditions(than), form >> 2) ?? '');
  const name = taskName(source.id);
  return expression(picked([...statusConditions(name), ...outputConditions(name, source, than)], form >> 2) ?? '');
}

/** `until` sees the tasks of the body as well. */
export function wireUntil(form: Form & { readonly than: number }, body: Sight): string {
  const { reach, loop = [] } = body;
  const source = picked(reach, form.pick);
  const choices = [
    `loop.index >= ${form.than % 4}`,
    ...(source ? outputConditions(taskName(source.id), source, form.than) : []),
    ...(source ? statusConditions(taskName(source.id)) : []),
    ...loopConditions(loop, form.than),
    'input.label',
  ];
  return expression(picked(choices, form.form) ?? 'input.flag');
}

function outputValues(name: string, { shape, members: [first = ''] = [] }: Reach): string[] {
  const whole = expression(`${name}.output`);
  const guarded = expression(`${name}.output == null ? false : ${name}.output.ok`);
  const member = memberOf(`${name}.output`, first);
  switch (shape) {
    case 'list':
    case 'typed-list':
      return [whole, expression(`size(${name}.output)`), expression(`${name}.output[0]`)];
    case 'typed':
      return [whole, guarded];
    case 'members':
      return [whole, expression(member), expression(`${name}.output == null ? 0 : ${member}`)];
    case 'event':
      return [whole, expression(`${name}.output.data`), `heard ${expression(`${name}.output.type`)}`];
    case 'answer':
      return [whole, guarded, expression(`${name}.output.n`), expression(`${name}.output.label`)];
    default:
      return [whole];
  }
}

const loopValues = ([first = '']: readonly string[]): Json[] => [
  '${ loop.index }',
  '${ loop.previous }',
  expression(`loop.previous == null ? 0 : ${memberOf('loop.previous', first)}.attempts`),
  'round ${ loop.index }',
];

const itemValues: Readonly<Record<'thing' | 'value' | 'typed' | 'batch', readonly string[]>> = {
  thing: ['${ item }', '${ item.n }'],
  value: ['${ item }', 'about ${ item }'],
  typed: ['${ item }', '${ item.ok }'],
  batch: ['${ item }', '${ item[0] }', '${ size(item) }'],
};

function ownValues({ hasIndex, item, loop }: Sight, pick: number): Json[] {
  return [
    pick,
    '${ input.label }',
    '${ input.n > 4 }',
    '${ input }',
    ['${ input.n }', { deep: '${input.flag}' }],
    'label ${ input.label } and ${ input.n }',
    'a literal $${ input.n }',
    { by: '${ execution.id }', since: '${ execution.started_at }' },
    ...(hasIndex ? ['${ index }', 'item ${ index }'] : []),
    ...(item ? [{ item: '${ item }', at: '${ index }' }, ...itemValues[item]] : []),
    ...(loop ? loopValues(loop) : []),
  ];
}

export function wireValue({ form, pick }: Form, sight: Sight): Json {
  const source = picked(sight.reach, pick);
  if (!source || form % 3 === 0) return picked(ownValues(sight, pick), form >> 1) ?? null;
  const name = taskName(source.id);
  const statuses = [
    expression(`${name}.status`),
    `${source.id} is \${ ${name}.status }`,
    expression(`${name}.attempts`),
  ];
  return picked([...outputValues(name, source), ...statuses], form >> 1) ?? null;
}

/** `picky` wants an integer `n`; what may turn out to be none comes from where no schema could have told. */
function integerFor({ members }: Wiring, { reach, item, loop }: Sight): Json {
  const [first] = members;
  const source = picked(reach, first?.pick ?? 0);
  const untyped = source?.shape === 'answer' ? expression(`${taskName(source.id)}.output.n`) : '${ input.n }';
  const ofItem = { thing: ['${ item }', '${ item.n }'], value: ['${ item }'], typed: [], batch: [] };
  const own = item ? ['${ index }', ...ofItem[item]] : loop ? ['${ loop.index }'] : [];
  return (
    picked([3, '${ input.n }', untyped, ...own, '${ input.n }', untyped, '${ input.label }'], first?.form ?? 0) ?? 3
  );
}

export function wireInput(wiring: Wiring, sight: Sight, isPicky: boolean): Json | undefined {
  const { members, isWhole } = wiring;
  const [first] = members;
  if (isPicky) return { n: integerFor(wiring, sight) };
  if (!first) return undefined;
  if (isWhole) return wireValue(first, sight);
  return wireTree(wiring, sight, 'm');
}

/** An object of values: an output of a workflow, the input of a child, the data of an event. */
export function wireTree({ members }: Wiring, sight: Sight, letter: string): JsonObject {
  return Object.fromEntries(members.map((member, index) => [`${letter}${index}`, wireValue(member, sight)]));
}
