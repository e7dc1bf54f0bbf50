import { describe, expect, it } from 'vitest';
import type { Plan } from '../../core/plan/index.ts';
import { lower, measure, type Figure } from '../../statemachines/index.ts';
import { parallel, series, task } from '../makers/block.ts';
import { plannedGraph } from '../makers/planned.ts';
import { smallPlan, type SmallTask } from '../makers/small-plan.ts';

function figuresOf(plan: Plan): Map<string, Figure> {
  return new Map(measure(lower(plan)).figures.map((figure) => [figure.name, figure]));
}

const planOf = (tasks: Record<string, SmallTask>, skeleton: Plan['skeleton']): Plan => ({
  ...smallPlan(tasks),
  skeleton,
});

/** A chain of this many tasks. */
const chain = (count: number): Plan =>
  plannedGraph({ count, edges: Array.from({ length: count - 1 }, (_, index) => [index, index + 1] as const) });

/** Start and end 2, begin 5, work 4, conclude 6, verdict 2, succeeded 2. */
const FRAME = 21;

describe('measure', () => {
  it.each([
    ['one task', planOf({ a: {} }, task('a')), FRAME + 6, FRAME + 6 + 2 - 1],
    ['two in a row', planOf({ a: {}, b: {} }, series(task('a'), task('b'))), FRAME + 12, FRAME + 12 + 2 - 1],
    [
      'two side by side',
      planOf({ a: {}, b: {} }, parallel(task('a'), task('b'))),
      FRAME + 4 + 12,
      FRAME + 4 + 12 + 4 - 1,
    ],
    ['a fan-out of three', planOf({ a: { fanOut: 3 } }, task('a')), FRAME + 4 + 18, FRAME + 4 + 18 + 6 - 1],
    ['nothing', planOf({}, series()), FRAME + 2, FRAME + 2 - 1],
  ])('counts the events of %s, and of its failures', (_case, plan, happy, failing) => {
    const figures = figuresOf(plan);

    expect(figures.get('history')?.value).toBe(happy);
    expect(figures.get('history, all failing')?.value).toBe(failing);
  });

  it('counts the bytes of the definition, plain and as a JSON string', () => {
    const machine = lower(planOf({ größe: {} }, task('größe')));
    const text = JSON.stringify(machine);

    const [plain, escaped] = measure(machine).figures;

    expect(plain?.value).toBe(Buffer.byteLength(text));
    expect(escaped?.value).toBe(Buffer.byteLength(JSON.stringify(text)));
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
    const { diagnostics } = measure(lower(chain(1600)));

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
        "The machine's history: 27021 events, and Step Functions takes 25000. More than half of it is in `work`.",
    });
  });
});
