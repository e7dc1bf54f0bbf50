import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../core/errors/index.ts';
import { assertSound, structuralFaults } from '../../../statemachines/asl/structure.ts';
import type { Branch, Machine, State } from '../../../statemachines/index.ts';

const machine = (States: Branch['States'], StartAt = 'a'): Machine => ({ QueryLanguage: 'JSONata', StartAt, States });
const end: State = { Type: 'Succeed' };
const around = (...Branches: Branch[]): State => ({ Type: 'Parallel', Branches, End: true });

const faulty: [fault: string, machine: Machine, sentence: string][] = [
  ['a start that does not exist', machine({}), 'a is not a state of its branch'],
  ['a Next that does not exist', machine({ a: { Type: 'Pass', Next: 'b' } }), 'b is not a state of its branch'],
  [
    'a Next into another branch',
    machine({
      a: around({ StartAt: 'b', States: { b: { Type: 'Pass', Next: 'c' } } }, { StartAt: 'c', States: { c: end } }),
    }),
    'c is not a state of its branch',
  ],
  [
    'a Catch that does not exist',
    machine({ a: { Type: 'Task', Resource: 'r', Catch: [{ ErrorEquals: ['E'], Next: 'x' }], End: true } }),
    'x is not a state of its branch',
  ],
  [
    'a Choice that leads nowhere',
    machine({ a: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'x' }], Default: 'b' }, b: end }),
    'x is not a state of its branch',
  ],
  ['a state that nothing leads to', machine({ a: end, b: end }), 'nothing leads to b'],
  ['a state without an end', machine({ a: { Type: 'Pass' } }), 'a leads nowhere'],
  [
    'a name used in two branches',
    machine({ a: around({ StartAt: 'b', States: { b: end } }, { StartAt: 'b', States: { b: end } }) }),
    'b is the name of two states',
  ],
  ['a name that is too long', machine({ [`a${'x'.repeat(80)}`]: end }, `a${'x'.repeat(80)}`), 'has 81 characters'],
  ['a Parallel without branches', machine({ a: around() }), 'a has no branches'],
  ['a name without characters', machine({ '': end }, ''), ' has 0 characters'],
  ['a Choice that ends nothing', machine({ a: { Type: 'Choice', Choices: [] } }), 'a leads nowhere'],
  [
    'a fault within a branch within a branch',
    machine({ a: around({ StartAt: 'b', States: { b: around({ StartAt: 'c', States: { c: end, d: end } }) } }) }),
    'nothing leads to d',
  ],
];

describe('structuralFaults', () => {
  it('finds none in a sound machine', () => {
    const sound = machine({
      a: around(
        { StartAt: 'b', States: { b: { Type: 'Pass', Next: 'c' }, c: end } },
        { StartAt: 'd', States: { d: end } },
      ),
    });

    expect(structuralFaults(sound)).toEqual([]);
    expect(assertSound(sound)).toBe(sound);
  });

  it.each(faulty)('finds %s', (_fault, machine, sentence) => {
    expect(structuralFaults(machine)).toEqual([expect.stringContaining(sentence)]);
    expect(() => assertSound(machine)).toThrow(InvariantError);
  });

  it('counts the faults in the error, and names the first', () => {
    const twice = machine({ a: { Type: 'Pass' }, b: { Type: 'Fail' } });

    expect(() => assertSound(twice)).toThrow(
      expect.objectContaining({
        code: 'machine_not_sound',
        message: 'The compiled machine has 2 faults, the first: a leads nowhere',
        details: { faults: ['a leads nowhere', 'nothing leads to b'] },
      }),
    );
  });

  it('takes every way to leave a state', () => {
    const sound = machine({
      a: { Type: 'Task', Resource: 'r', Catch: [{ ErrorEquals: ['E'], Next: 'b' }], Next: 'c' },
      b: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'd' }], Default: 'e' },
      c: { Type: 'Parallel', Branches: [{ StartAt: 'x', States: { x: { Type: 'Pass', End: true } } }], Next: 'f' },
      d: { Type: 'Fail' },
      e: { Type: 'Task', Resource: 'r', End: true },
      f: { Type: 'Pass', Next: 'g' },
      g: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'd' }] },
      ['n'.repeat(80)]: end,
    });
    const States = { ...sound.States, d: { Type: 'Pass' as const, Next: 'n'.repeat(80) } };

    expect(structuralFaults({ ...sound, States })).toEqual([]);
  });
});
