import { describe, expect, it } from 'vitest';
import {
  checkExpression,
  problemsInScope,
  type ExpressionCheck,
  type LocalName,
} from '../../../core/expressions/index.ts';

const tasks = new Set(['clone', 'my-task', 'a']);

const check = (source: string, local: readonly LocalName[] = []): ExpressionCheck => {
  const checked = checkExpression(source);
  return { ...checked, problems: [...problemsInScope(source, checked, { tasks, local })] };
};

describe('checkExpression', () => {
  it.each([
    ['input.count > 2', 'bool'],
    ['size(input.list)', 'int'],
    ['"a" + "b"', 'string'],
    ['input.x', 'dyn'],
    ['input.?x.orValue(1)', 'dyn'],
    ['[1, "a"]', 'list'],
    ['tasks.clone.output == null', 'bool'],
    ['type(input.x) == string', 'bool'],
  ])('types %s as %s', (source, type) => {
    expect(check(source)).toMatchObject({ problems: [], type });
  });

  it('lists the tasks that are named, each time with its place', () => {
    expect(check('tasks.clone.output.x + tasks["my-task"].attempts').references).toEqual([
      { task: 'clone', offset: 0, length: 11 },
      { task: 'my-task', offset: 23, length: 16 },
    ]);
  });

  it('finds tasks inside macros, has() and calls', () => {
    const { references, problems } = check('has(tasks.a.output.x) && input.l.exists(i, i == size(tasks.clone.output))');

    expect(problems).toEqual([]);
    expect(references.map(({ task }) => task)).toEqual(['a', 'clone']);
  });

  it('lets the variable of a macro hide a name', () => {
    expect(check('[1].map(tasks, tasks + 1)')).toMatchObject({ problems: [], references: [] });
  });

  it('says which names the value depends on', () => {
    expect([...check('1 > 2').roots.keys()]).toEqual([]);
    expect([...check('input.x').roots.keys()]).toEqual(['input']);
    expect([...check('[1].all(x, x == tasks.a.attempts)').roots.keys()]).toEqual(['tasks']);
  });

  it.each([
    [
      'tasks.my-task.output',
      '`tasks.my-task` is read as a subtraction, because of the `-`',
      'write `tasks["my-task"]`',
    ],
    [
      '1 + tasks.no-such.output',
      '`tasks.no-such` is read as a subtraction, because of the `-`',
      'write `tasks["no-such"]`',
    ],
    ['tasks.clnoe.output', 'there is no task `clnoe`', 'did you mean `clone`?'],
    ['tasks.zzzzzzz.output', 'there is no task `zzzzzzz`', undefined],
    ['tasks.clone.outptu', 'a task has no `outptu`', 'did you mean `output`?'],
    ['tasks["clone"].zzzzzz', 'a task has no `zzzzzz`', 'it has output, status, attempts, cached'],
    ['workflow.verison', '`workflow` has no `verison`', 'did you mean `version`?'],
    ['inptu.x', 'nothing is called `inptu` here', 'did you mean `input`?'],
    ['blackboard', 'nothing is called `blackboard` here', 'expressions read input, tasks, execution, workflow'],
    ['[1].map(loop, x)', 'nothing is called `x` here', undefined],
    ['loop.indx', '`loop` has no `indx`', 'did you mean `index`?'],
    ['event.kind', '`event` has no `kind`', 'it has id, type, source, time, data'],
    ['l__p.index', 'this name is not for expressions', undefined],
    ['tasks', '`tasks` needs the id of one task', 'write `tasks.clone` or `tasks["clone"]`'],
    ['tasks[input.id].output', '`tasks` needs the id of one task', 'write `tasks.clone` or `tasks["clone"]`'],
    [
      '[1].map(a, [1].map(b, [1].map(c, 1)))',
      '`map` is nested more than 2 deep',
      'its cost would grow with every level',
    ],
    ['timestamp(0).getHours("Europe/Berlin")', "`getHours` would depend on the machine's time zones", undefined],
    ['timestamp(0).getDayOfYear()', "`getDayOfYear` would depend on the machine's time zones", undefined],
    ['"a".matches(1)', 'there is no function `string.matches(int)`', undefined],
    ['"a" + 1', '`+` does not take string and int', undefined],
    ['while + 1', '`while` cannot be used here', undefined],
    ['true ? 1 : "a"', 'both results of `? :` need one type, not int and string: wrap one in `dyn(…)`', undefined],
    ['('.repeat(100), 'the expression is too large or nested too deeply (the limit is 64)', undefined],
    [`${'-'.repeat(3_000)}1`, 'the expression is too large or nested too deeply (the limit is 2000)', undefined],
    [`"${'x'.repeat(5_000)}"`, 'the expression has 5002 characters; 4096 is the limit', undefined],
    ['  ', 'the expression is empty', undefined],
  ])('finds in %s that %s', (source, message, hint) => {
    const { problems } = check(source);

    expect(problems[0]).toMatchObject({ message, ...(hint === undefined ? {} : { hint }) });
  });

  it('reports problems inside the source', () => {
    for (const source of ['a b', '"x', 'tasks.my-task', 'inptu', '1 +', 'foo(1)', 'index', '"a" + 1', '']) {
      for (const { offset, length } of check(source).problems) {
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset + length).toBeLessThanOrEqual(Math.max(1, source.length));
      }
    }
  });

  it('lets a subtraction of a known task be one', () => {
    expect(check('tasks.a-input.b').problems).toEqual([]);
  });

  it.each([
    ['index + 1', 'index', '`index` is known in a fan-out only'],
    ['size(item.name)', 'item', '`item` is known in the `input` of a `for_each` only'],
    ['1 + loop.index', 'loop', '`loop` is known inside of a loop'],
    ['event.data.url', 'event', '`event` is known in the `input` of a trigger only'],
  ] as const)('knows in %s the name `%s` only where it has a meaning', (source, name, message) => {
    const [problem, ...others] = check(source).problems;

    expect(problem?.message).toMatch(new RegExp(`^${message}`));
    expect(source.slice(problem?.offset).startsWith(name)).toBe(true);
    expect(others).toEqual([]);
    expect(check(source, [name]).problems).toEqual([]);
  });
});
