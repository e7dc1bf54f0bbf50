import { describe, expect, it } from 'vitest';
import type { Plan } from '../../core/plan/index.ts';
import { link, lower, measure, type Figure, type Machine } from '../../statemachines/index.ts';
import { parallel, series, task } from '../makers/block.ts';
import { plannedGraph } from '../makers/planned.ts';
import { smallPlan, type SmallTasks } from '../makers/small-plan.ts';

function figuresOf(plan: Plan): Map<string, Figure> {
  return new Map(measure(lower(plan)).figures.map((figure) => [figure.name, figure]));
}

const planOf = (tasks: SmallTasks, skeleton: Plan['skeleton']): Plan => ({
  ...smallPlan(tasks),
  skeleton,
});

const arn = (verb: string): string => `arn:aws:lambda:us-east-1:123456789012:function:${verb}`.padEnd(55, '-');
const unlinkedNames = {
  ...{ begin: arn('begin'), dispatch: arn('dispatch'), conclude: arn('conclude') },
  ...{ tenant: 'skein:tenant', workflow: 'skein:workflow', version: 'skein:version' },
};
const targets = { ...unlinkedNames, tenant: 'größer', workflow: 'review', version: '1' };

/** `a` in loop `inner` in loop `outer`. */
function loopsOf(outer: number, inner: number): Plan {
  const body: SmallTasks = { inner: { loop: { maxIterations: inner, tasks: { a: {} } } } };
  const plan = planOf({ outer: { loop: { maxIterations: outer, tasks: body } } }, task('outer'));
  const skeletons: Readonly<Record<string, Plan['skeleton']>> = { outer: task('inner'), inner: task('a') };
  const tasks = plan.tasks.map((it) =>
    it.kind === 'loop' ? { ...it, region: { ...it.region, skeleton: skeletons[it.id] ?? series() } } : it,
  );
  return { ...plan, tasks };
}

/** A chain of this many tasks. */
const chain = (count: number): Plan =>
  plannedGraph({ count, edges: Array.from({ length: count - 1 }, (_, index) => [index, index + 1] as const) });

/** Start and end 2, begin 5, work 4, conclude 6, verdict 2, succeeded 2 or failed 1. */
const FRAME = 21;
/** Of a loop at a branch's end, or a task there that fails: it ends in a state of its own. */
const SINK = 2;

describe('measure', () => {
  it.each([
    { of: 'one task', plan: planOf({ a: {} }, task('a')), best: 6, more: SINK },
    { of: 'two in a row', plan: planOf({ a: {}, b: {} }, series(task('a'), task('b'))), best: 12, more: SINK },
    {
      of: 'two side by side',
      plan: planOf({ a: {}, b: {} }, parallel(task('a'), task('b'))),
      best: 4 + 12,
      more: 2 * SINK,
    },
    { of: 'a fan-out of three', plan: planOf({ a: { fanOut: 3 } }, task('a')), best: 4 + 18, more: 3 * SINK },
    { of: 'a for_each', plan: planOf({ a: { forEach: { maxItems: 5_000 } } }, task('a')), best: 6, more: SINK },
    { of: 'nothing', plan: planOf({}, series()), best: 2, more: 0 },
  ])('counts the events of $of, at best and whatever fails', ({ plan, best, more }) => {
    const figures = figuresOf(plan);

    expect(figures.get('history, at best')?.value).toBe(FRAME - 1 + best);
    expect(figures.get('history')?.value).toBe(FRAME + best + more);
  });

  it('counts the iterations of loops within loops, and names them on the path', () => {
    const plan = loopsOf(5, 10);
    /** A Pass, the body, `inner.iterate` 6, `inner.again` 2. */
    const inner = (times: number): number => 2 + times * (6 + 6 + 2);

    const figures = figuresOf(plan);

    expect(figures.get('history, at best')?.value).toBe(FRAME - 1 + 2 + (inner(1) + 6 + 2) + SINK);
    expect(figures.get('history')).toMatchObject({
      value: FRAME + 2 + 5 * (inner(10) + 6 + 2) + SINK,
      path: 'work / outer ×5 / inner ×10',
    });
  });

  it('counts transitions: each state as often as it is entered', () => {
    const { transitions } = measure(lower(loopsOf(5, 10)));

    expect(transitions).toEqual({ best: 5 + 1 + (1 + 3 + 2) + 1, worst: 5 + 1 + 5 * (1 + 10 * 3 + 2) + 1 });
  });

  it('refuses a machine with a loop that nothing bounds', () => {
    const machine = lower(loopsOf(2, 2));
    const text = JSON.stringify(machine).replace('$round1 < 1 and ', '');

    expect(() => measure(JSON.parse(text) as Machine)).toThrow('Nothing bounds the loop that outer.again closes.');
  });

  it('proves the largest payload: names, a token and rounds, and no data', () => {
    const figures = figuresOf(planOf({ a: {}, b: { fanOut: 40 } }, series(task('a'), task('b'))));

    expect(figures.get('largest payload')).toMatchObject({ bound: 262_144, path: 'b[10]' });
    expect(figures.get('largest payload')?.value).toBeLessThan(3_000);
  });

  it('lists each figure with the limit of Step Functions and the budget below it', () => {
    const { figures } = measure(lower(planOf({ a: {} }, task('a'))));

    expect(figures.map(({ name, unit, bound, budget }) => [name, unit, bound, budget])).toEqual([
      ['definition', 'bytes', 1_048_576, 850_000],
      ['definition, escaped', 'bytes', 1_048_576, 960_000],
      ['history', 'events', 25_000, 15_000],
      ['history, at best', 'events', 25_000, undefined],
      ['largest payload', 'bytes', 262_144, undefined],
      ['widest Parallel', 'branches', undefined, undefined],
      ['longest state name', 'characters', 80, undefined],
    ]);
  });

  it('names the first of states that are equally wide or equally long, and no Parallel where there is none', () => {
    const machine = (States: Machine['States']): Machine => ({ QueryLanguage: 'JSONata', StartAt: 'aa', States });
    const branch = { StartAt: 'x', States: { x: { Type: 'Succeed' } } } as const;
    const named = (States: Machine['States']) =>
      measure(machine(States))
        .figures.slice(-2)
        .map(({ value, path }) => [value, path]);

    expect(
      named({
        aa: { Type: 'Parallel', Branches: [branch, branch], Next: 'bb' },
        bb: { Type: 'Parallel', Branches: [branch, branch], Next: 'c' },
        c: { Type: 'Parallel', Branches: [branch], End: true },
      }),
    ).toEqual([
      [2, 'aa'],
      [2, 'aa'],
    ]);
    expect(named({ aa: { Type: 'Succeed' } })).toEqual([
      [0, ''],
      [2, 'aa'],
    ]);
  });

  it('names no state that makes just half of a figure', () => {
    const States: Machine['States'] = { a: { Type: 'Pass', Next: 'b' }, b: { Type: 'Succeed' } };

    const { figures } = measure({ QueryLanguage: 'JSONata', StartAt: 'a', States });

    expect(figures.find(({ name }) => name === 'history')).toMatchObject({ value: 2 + 4, path: '' });
  });

  it('names the widest Parallel', () => {
    const plan = planOf({ a: {}, b: { fanOut: 7 } }, series(task('a'), task('b')));

    expect(figuresOf(plan).get('widest Parallel')).toEqual({
      name: 'widest Parallel',
      value: 7,
      unit: 'branches',
      path: 'b',
    });
  });

  it('counts the bytes of the definition, plain and as a JSON string', () => {
    const machine = link(lower(planOf({ größe: {} }, task('größe'))), targets);
    const text = JSON.stringify(machine);

    const [plain, escaped] = measure(machine).figures;

    expect(plain?.value).toBe(Buffer.byteLength(text));
    expect(escaped?.value).toBe(Buffer.byteLength(JSON.stringify(text)));
  });

  it('counts an ARN of 55 characters for each call of a machine that is not linked', () => {
    const machine = lower(planOf({ a: {} }, task('a')));
    const [unlinked, escaped] = measure(machine).figures;

    const linked = JSON.stringify(link(machine, unlinkedNames));
    expect(unlinked?.value).toBe(Buffer.byteLength(linked));
    expect(escaped?.value).toBe(Buffer.byteLength(JSON.stringify(linked)));
  });

  it('counts states and the characters of the longest name', () => {
    const name = 'n'.repeat(60);
    const measures = measure(lower(planOf({ [name]: {} }, task(name))));

    expect(measures.states).toBe(8);
    expect(measures.figures.at(-1)).toMatchObject({ value: 65, bound: 80, path: `done ${name}` });
  });

  it('names the states that make more than half of a figure', () => {
    const tasks = Array.from({ length: 30 }, (_, index) => `t${index}`);
    const plan = planOf(
      Object.fromEntries([['a', {}], ...tasks.map((id) => [id, {}] as const)]),
      series(task('a'), parallel(...tasks.map(task))),
    );

    expect(figuresOf(plan).get('history')?.path).toBe('work / t0 | t1 | 28 more');
    expect(figuresOf(plan).get('definition')?.path).toBe('work / t0 | t1 | 28 more');
  });

  it('finds nothing wrong with 1,000 tasks', () => {
    expect(measure(lower(chain(1000))).diagnostics).toEqual([]);
  });

  /** A machine of this many bytes. */
  const machineOf = (bytes: number): Machine => {
    const written = (Comment: string): Machine => ({
      QueryLanguage: 'JSONata',
      StartAt: 'a',
      States: { a: { Type: 'Succeed', Comment } },
    });
    return written('x'.repeat(bytes - JSON.stringify(written('')).length));
  };

  it.each([
    { of: 'bytes within the budget', machine: machineOf(850_000), finds: [] },
    {
      of: 'a byte over the budget',
      machine: machineOf(850_001),
      finds: [
        "warning ASL402 The machine's definition: 850001 bytes, with a budget of 850000. More than half of it is in `a`.",
      ],
    },
    { of: 'events within the budget', machine: lower(loopsOf(1, 1_067)), finds: [] },
    {
      of: 'more events than the budget',
      machine: lower(loopsOf(1, 1_070)),
      finds: [
        "warning ASL403 The machine's history: 15015 events, with a budget of 15000. More than half of it is in `work / outer / inner ×1070`.",
      ],
    },
    {
      of: 'more events than there may be',
      machine: lower(loopsOf(2, 1_000)),
      finds: [
        "error ASL403 The machine's history: 28045 events, and Step Functions takes 25000. More than half of it is in `work / outer ×2 / inner ×1000`.",
      ],
    },
  ])('finds of $of what is over, by how much and where', ({ machine, finds }) => {
    const { diagnostics } = measure(machine);

    expect(diagnostics.map(({ severity, code, message }) => `${severity} ${code} ${message}`)).toEqual(finds);
    expect(diagnostics.every(({ path }) => path === 'workflow.tasks')).toBe(true);
  });
});
