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
    const [unlinked] = measure(machine).figures;

    expect(unlinked?.value).toBe(Buffer.byteLength(JSON.stringify(link(machine, unlinkedNames))));
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

  it('warns over a budget', () => {
    const { diagnostics } = measure(lower(chain(1500)));

    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
      ['ASL402', 'warning'],
      ['ASL402', 'error'],
    ]);
  });

  it('refuses what is over a bound, and says by how much and where', () => {
    const { diagnostics } = measure(lower(chain(4500)));

    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
      ['ASL402', 'error'],
      ['ASL402', 'error'],
      ['ASL403', 'error'],
      ['ASL403', 'error'],
    ]);
    expect(diagnostics[2]).toMatchObject({
      path: 'workflow.tasks',
      message:
        "The machine's history: 27023 events, and Step Functions takes 25000. More than half of it is in `work`.",
    });
  });
});
