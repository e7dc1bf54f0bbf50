import fc from 'fast-check';
import type { Json } from '../../core/json/index.ts';

/** A task upstream, and what is known of its output when the definition is written. */
export interface Reach {
  readonly id: string;
  readonly isFanOut: boolean;
  /** Its output has a schema with `ok`: other members are refused by the compiler. */
  readonly isTyped: boolean;
}

/** Numbers that become expressions once it is known what is upstream. */
export interface Wiring {
  readonly condition: { readonly form: number; readonly pick: number; readonly than: number } | undefined;
  readonly members: readonly { readonly form: number; readonly pick: number }[];
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

const picked = <T>(options: readonly T[], pick: number): T | undefined => options[pick % Math.max(options.length, 1)];

const taskName = (id: string): string => (id.includes('-') ? `tasks["${id}"]` : `tasks.${id}`);

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
  'input.n',
];

const statusConditions = (name: string): string[] => [
  `${name}.status == "succeeded"`,
  `${name}.status != "failed"`,
  `${name}.status in ["succeeded", "skipped"]`,
  `${name}.output != null`,
];

function outputConditions(name: string, { isFanOut, isTyped }: Reach, than: number): string[] {
  if (isFanOut) return [`size(${name}.output) > 1`, `${name}.output != null && ${name}.output[0] != null`];
  const guarded = `${name}.status == "succeeded" && ${name}.output.ok`;
  if (isTyped) return [guarded];
  return [
    guarded,
    `${name}.output.ok`,
    `${name}.output.n > ${than}`,
    `${name}.output != null && ${name}.output.n == 5`,
  ];
}

export function wireCondition(wiring: Wiring, reach: readonly Reach[], inFanOut: boolean): string | undefined {
  if (!wiring.condition) return undefined;
  const { form, pick, than } = wiring.condition;
  if (inFanOut && form % 3 === 0)
    return `\${ ${picked(['index == 0', 'index != 1', `index < ${than % 4}`], pick) ?? ''} }`;
  const source = picked(reach, pick);
  if (!source || form % 4 === 0) return `\${ ${picked(inputConditions(than), form >> 2) ?? ''} }`;
  const name = taskName(source.id);
  const choices = [...statusConditions(name), ...outputConditions(name, source, than)];
  return `\${ ${picked(choices, form >> 2) ?? ''} }`;
}

function outputValues(name: string, { isFanOut, isTyped }: Reach): string[] {
  const whole = `\${ ${name}.output }`;
  if (isFanOut) return [whole, `\${ size(${name}.output) }`, `\${ ${name}.output[0] }`];
  const guarded = `\${ ${name}.output == null ? false : ${name}.output.ok }`;
  return isTyped ? [whole, guarded] : [whole, guarded, `\${ ${name}.output.n }`, `\${ ${name}.output.label }`];
}

function memberValue({ form, pick }: { form: number; pick: number }, reach: readonly Reach[], inFanOut: boolean): Json {
  const source = picked(reach, pick);
  const own = [
    pick,
    '${ input.label }',
    '${ input.n > 4 }',
    '${ input }',
    ['${ input.n }', { deep: '${input.flag}' }],
    'label ${ input.label } and ${ input.n }',
    'a literal $${ input.n }',
    ...(inFanOut ? ['${ index }', 'item ${ index }'] : []),
  ];
  if (!source || form % 3 === 0) return picked(own, form >> 1) ?? null;
  const name = taskName(source.id);
  const statuses = [`\${ ${name}.status }`, `${source.id} is \${ ${name}.status }`];
  return picked([...outputValues(name, source), ...statuses], form >> 1) ?? null;
}

/** `picky` wants an integer `n`; what may turn out to be none comes from where no schema could have told. */
function integerFor({ members }: Wiring, reach: readonly Reach[]): Json {
  const [first] = members;
  const source = picked(reach, first?.pick ?? 0);
  const untyped =
    source && !source.isTyped && !source.isFanOut ? `\${ ${taskName(source.id)}.output.n }` : '${ input.n }';
  return picked([3, '${ input.n }', untyped, '${ input.n }', untyped, '${ input.label }'], first?.form ?? 0) ?? 3;
}

interface Wanted {
  readonly inFanOut: boolean;
  readonly isPicky: boolean;
}

export function wireInput(wiring: Wiring, reach: readonly Reach[], { inFanOut, isPicky }: Wanted): Json | undefined {
  const { members, isWhole } = wiring;
  const [first] = members;
  if (isPicky) return { n: integerFor(wiring, reach) };
  if (!first) return undefined;
  if (isWhole) return memberValue(first, reach, inFanOut);
  return Object.fromEntries(members.map((member, index) => [`m${index}`, memberValue(member, reach, inFanOut)]));
}

/** An output tree of the workflow; what it reads of a task that failed or was skipped may break it. */
export function wireOutput(wiring: Wiring, reach: readonly Reach[]): Json {
  return Object.fromEntries(wiring.members.map((member, index) => [`o${index}`, memberValue(member, reach, false)]));
}
