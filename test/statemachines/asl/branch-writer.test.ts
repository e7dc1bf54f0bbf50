import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../core/errors/index.ts';
import { BranchWriter, type OpenState } from '../../../statemachines/asl/branch-writer.ts';
import { NameTable } from '../../../statemachines/asl/name-table.ts';

const pass: OpenState = ({ transition }) => ({ Type: 'Pass', ...transition });
const catching: OpenState = ({ transition, afterCatch }) => ({
  Type: 'Task',
  Resource: 'r',
  Catch: [{ ErrorEquals: ['TaskFailed'], Next: afterCatch() }],
  ...transition,
});

describe('BranchWriter', () => {
  it('closes a state by the one that is appended after it, and the last by the end', () => {
    const writer = new BranchWriter(new NameTable());
    writer.append('a', pass);
    writer.append('b', pass);

    expect(writer.finish()).toEqual({
      StartAt: 'a',
      States: { a: { Type: 'Pass', Next: 'b' }, b: { Type: 'Pass', End: true } },
    });
  });

  it('sends a caught error to what follows, and at the end to a sink', () => {
    const writer = new BranchWriter(new NameTable());
    writer.append('a', catching);
    writer.append('b', catching);

    expect(writer.finish().States).toMatchObject({
      a: { Catch: [{ Next: 'b' }], Next: 'b' },
      b: { Catch: [{ Next: 'done b' }], End: true },
      'done b': { Type: 'Succeed' },
    });
  });

  it("names the sinks of its branches in the machine's one table", () => {
    const writer = new BranchWriter(new NameTable());
    const [one, other] = [writer.branch(), writer.branch()];
    one.append('a', catching);
    other.append('a', catching);

    const sinks = [one.finish(), other.finish()].flatMap(({ States }) => Object.keys(States).slice(1));

    expect(sinks[0]).toBe('done a');
    expect(sinks[1]).toMatch(/^done a-[0-9a-f]{6}$/);
  });

  it('refuses to finish without a state', () => {
    const writer = new BranchWriter(new NameTable());

    expect(() => writer.finish()).toThrow(InvariantError);
    expect(() => writer.finish()).toThrow(
      expect.objectContaining({ code: 'empty_branch', message: 'A branch of a machine has no states.' }),
    );
  });

  it('knows the name of a state that was appended, and refuses to go back to one that was not', () => {
    const writer = new BranchWriter(new NameTable());
    writer.append('a', pass);

    expect([writer.length, writer.nameAt(0)]).toEqual([1, 'a']);
    expect(() => writer.nameAt(1)).toThrow(
      expect.objectContaining({ code: 'empty_loop', message: 'A branch has no state 1 to go back to.' }),
    );
  });
});
