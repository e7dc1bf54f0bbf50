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
    [
      'timestamp(0).getHours("Europe/Berlin")',
      "`getHours` would depend on the machine's time zones",
      'all times are UTC: call it without a zone',
    ],
    [
      'timestamp(0).getDayOfYear()',
      "`getDayOfYear` would depend on the machine's time zones",
      'all times are UTC: call it without a zone',
    ],
    ['"a".matches(1)', 'there is no function `string.matches(int)`', undefined],
    ['timestamp(true)', 'there is no function `timestamp(bool)`', undefined],
    ['[1] + "a"', '`+` does not take list<int> and string', undefined],
    ['-"a"', '`-` does not take string', undefined],
    ['"a" + 1', '`+` does not take string and int', undefined],
    ['while + 1', '`while` cannot be used here', undefined],
    ['true ? 1 : "a"', 'both results of `? :` need one type, not int and string: wrap one in `dyn(…)`', undefined],
    ['('.repeat(100), 'the expression is too large or nested too deeply (the limit is 64)', undefined],
    [`${'-'.repeat(3_000)}1`, 'the expression is too large or nested too deeply (the limit is 2000)', undefined],
    [`"${'x'.repeat(4_095)}"`, 'the expression has 4097 characters; 4096 is the limit', undefined],
    ['  ', 'the expression is empty', undefined],
  ])('finds in %s that %s', (source, message, hint) => {
    const { problems } = check(source);

    expect(problems[0]).toMatchObject({ message, ...(hint === undefined ? {} : { hint }) });
  });

  it.each([
    ['inptu', '[inptu]'],
    ['inptu', '{inptu: 1}'],
    ['inptu', '{"a": inptu}'],
    ['inptu', '!inptu'],
    ['inptu', '-inptu'],
    ['inptu', 'inptu ? 1 : 2'],
    ['inptu', 'true ? inptu : 2'],
    ['inptu', 'true ? 1 : inptu'],
    ['inptu', 'inptu[0]'],
    ['inptu', 'input[inptu]'],
    ['inptu', 'input[?inptu]'],
    ['inptu', 'inptu.?x'],
    ['inptu', 'size(inptu)'],
    ['inptu', 'has(inptu.x)'],
    ['inptu', 'inptu.size()'],
    ['inptu', '"a".matches(inptu)'],
    ['inptu', '[1].map(x, inptu)'],
    ['inptu', '[1].map(x, x > 0, inptu)'],
    ['inptu', '[inptu].map(x, 1)'],
    ['inptu', '1 + inptu'],
    ['inptu', 'inptu in [1]'],
    ['tasks.my-task', '1 + tasks.my-task.output'],
    ['tasks.my-task', 'tasks.my-task-- 1'],
    ['tasks.clnoe', '1 + tasks.clnoe.output'],
    ['tasks.clone.outptu', '1 + tasks.clone.outptu'],
    ['tasks.a["outptu"]', '1 + tasks.a["outptu"].x'],
    ['tasks.a[0]', 'tasks.a[0]'],
    ['loop.previous.a.outptu', 'loop.previous.a.outptu.x'],
    ['tasks', '1 + tasks[input.id].output'],
    ['tasks', 'tasks[0]'],
    ['[1].map(c, 1)', '[1].map(a, [1].map(b, [1].map(c, 1)))'],
    ['timestamp(0).getHours("UTC")', '1 + timestamp(0).getHours("UTC")'],
    ['foo(1)', 'true && foo(1)'],
    ['"a" + 1', '["a" + 1]'],
    ['b', 'a b'],
    ['l__p', '1 + l__p.index'],
    ['+', '1 +'],
  ])('marks %s in %s', (marked, source) => {
    const problem = check(source, ['index', 'item', 'loop', 'event']).problems.at(0);

    expect(source.slice(problem?.offset, (problem?.offset ?? 0) + (problem?.length ?? 0))).toBe(marked);
    expect(source.lastIndexOf(marked)).toBe(problem?.offset);
  });

  it.each([
    'event.data.anything',
    'tasks.a.output.anything',
    'loop.previous.a.output',
    'loop.index.anything',
    'has(tasks.a)',
    'input.anything[0]["else"]',
    '[1].map(index, index).map(input, input)',
    '[[1]].map(x, x.map(y, x[0] + y))',
    'type(1) == int && type(optional.of(1)) != map && null_type != bytes',
    'timestamp(0).getHours() + timestamp(0).getFullYear()',
    'input.getDayOfWork("UTC")',
    'input.a.map',
  ])('finds no name wrong in %s', (source) => {
    expect(check(source, ['loop', 'event']).problems.filter(({ hint }) => hint !== undefined)).toEqual([]);
  });

  it('says what is read, as far as its members are written out, and what may be missing', () => {
    const { readings } = check('tasks.a.output["x"][0].?y.z + input[index] + (has(execution.id) ? 1 : 2)');

    const written = readings.map(({ root, members }) => [
      root,
      ...members.map(({ key, isOptional }) => `${key}${isOptional ? '?' : ''}`),
    ]);
    expect(written).toEqual([
      ['tasks', 'a', 'output', 'x', '0', 'y?', 'z?'],
      ['input'],
      ['index'],
      ['execution', 'id?'],
    ]);
  });

  it('suggests no task where none is near', () => {
    expect(check('tasks.zzzzzzz.output').problems).toEqual([
      { message: 'there is no task `zzzzzzz`', offset: 0, length: 13 },
    ]);
  });

  it('says where a name is read first', () => {
    expect(Object.fromEntries(check('1 + input.x + index + input.y').roots)).toEqual({
      input: { offset: 4, length: 5 },
      index: { offset: 14, length: 5 },
    });
  });

  it('finds each name that is wrong, and suggests those of macros too', () => {
    expect(check('tasks.my-task + tasks.no-such').problems).toHaveLength(2);
    expect(check('inptu + blackboard').problems.map(({ hint }) => hint)).toEqual([
      'did you mean `input`?',
      'expressions read input, tasks, execution, workflow',
    ]);
    expect(check('[1].map(item, itme)').problems).toMatchObject([{ hint: 'did you mean `item`?' }]);
  });

  it('reports problems inside the source', () => {
    for (const source of ['a b', '"x', 'tasks.my-task', 'inptu', '1 +', 'foo(1)', 'index', '"a" + 1', '']) {
      for (const { offset, length } of check(source).problems) {
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset + length).toBeLessThanOrEqual(Math.max(1, source.length));
      }
    }
  });

  it('takes an expression of 4,096 characters', () => {
    expect(check(`"${'x'.repeat(4_094)}"`).problems).toEqual([]);
  });

  it('lets a subtraction of a known task be one', () => {
    for (const source of ['tasks.a-input.b', 'tasks.a-1', 'tasks.a - 1', 'tasks.a.attempts-tasks.a.attempts']) {
      expect(check(source).problems).toEqual([]);
    }
  });

  it.each([
    ['index + 1', 'index', 0, '`index` is known in a fan-out only'],
    ['size(item.name)', 'item', 5, '`item` is known in the `input` of a `for_each` only'],
    ['1 + loop.index', 'loop', 4, '`loop` is known inside of a loop, and in its `until`, only'],
    ['event.data.url', 'event', 0, '`event` is known in the `input` of a trigger only'],
  ] as const)('knows in %s the name `%s` only where it has a meaning', (source, name, offset, message) => {
    const hint = 'the task needs `for_each` or `parallel: true`; in a loop there is `loop.index`';

    expect(check(source).problems).toEqual([
      { message, offset, length: name.length, ...(name === 'index' && { hint }) },
    ]);
    expect(check(source, [name]).problems).toEqual([]);
  });
});
