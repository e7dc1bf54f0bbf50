import { describe, expect, it } from 'vitest';
import { lower, measure, measurePartition, partition, type Figure, type Measures } from '../../statemachines/index.ts';
import { series, task } from '../makers/block.ts';
import { smallPlan } from '../makers/small-plan.ts';

const ids = Array.from({ length: 12 }, (_, n) => `t${n}`);
const plan = { ...smallPlan(Object.fromEntries(ids.map((id) => [id, {}]))), skeleton: series(...ids.map(task)) };
const cut = partition(plan, { raw: 7_000, escaped: 8_400, events: 15_000 });

const figure = ({ figures }: Measures, name: string): Figure | undefined => figures.find((it) => it.name === name);

describe('measurePartition', () => {
  it('of one machine is its own measure', () => {
    const root = lower(plan);

    expect(measurePartition({ root, parts: [] })).toEqual(measure(root));
  });

  it('shows each figure of the machine in which it is worst, and says which that is', () => {
    const [root, ...parts] = [cut.root, ...cut.parts.map(({ machine }) => machine)].map(measure);
    const sizes = [root, ...parts].map((it) => (it && figure(it, 'definition')?.value) ?? 0);

    const all = measurePartition(cut);

    expect(figure(all, 'definition')?.value).toBe(Math.max(...sizes));
    expect(figure(all, 'definition')?.path).toMatch(/^t\d+\.\.t\d+:/);
    expect(figure(all, 'machines')).toMatchObject({ value: 1 + cut.parts.length });
  });

  it('counts the transitions of all machines together', () => {
    const { transitions } = measurePartition(cut);
    const whole = measure(lower(plan)).transitions;

    // Each part: the state that starts it, and the one that reads its input.
    const more = 2 * cut.parts.length;
    expect(transitions.best).toBe(whole.best + more);
    // A failure at the end of a part may come to rest there, in a state of its own.
    expect(transitions.worst).toBeGreaterThanOrEqual(whole.worst + more);
    expect(transitions.worst).toBeLessThanOrEqual(whole.worst + more + cut.parts.length);
  });
});
