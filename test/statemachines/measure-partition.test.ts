import { describe, expect, it } from 'vitest';
import {
  link,
  lower,
  measure,
  measurePartition,
  partition,
  type Figure,
  type Measures,
} from '../../statemachines/index.ts';
import { series, task } from '../makers/block.ts';
import { smallPlan } from '../makers/small-plan.ts';

const ids = Array.from({ length: 12 }, (_, n) => `t${n}`);
const plan = { ...smallPlan(Object.fromEntries(ids.map((id) => [id, {}]))), skeleton: series(...ids.map(task)) };
const cut = partition(plan, { raw: 7_000, escaped: 8_400, events: 15_000 });

const targets = {
  ...{ begin: 'arn:begin', dispatch: 'arn:dispatch', conclude: 'arn:conclude' },
  ...{ tenant: 'acme', workflow: 'review', version: '1' },
};

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
    expect(figure(all, 'definition')?.path).toMatch(/^t\d+\.\.t\d+:$/);
    expect(figure(all, 'largest payload')?.path).toBe('conclude');
    expect(figure(all, 'machines')).toEqual({
      name: 'machines',
      value: 1 + cut.parts.length,
      unit: 'machines',
      path: `the root, and ${cut.parts.length} that it starts parts in`,
    });
    expect(all.states).toBe([root, ...parts].reduce((sum, it) => sum + (it?.states ?? 0), 0));
  });

  it('shows the figure of the root as it is where no part is worse', () => {
    const root = lower(plan);
    const [part] = cut.parts;

    const { figures } = measurePartition({ root, parts: [part!] });

    expect(figures.slice(0, -1)).toEqual(measure(root).figures);
  });

  it('finds of any machine what is over, and says in which part', () => {
    const Comment = 'x'.repeat(1_100_000);
    const huge = { name: 't0..t3', machine: { ...cut.parts[0]!.machine, Comment } };

    const { diagnostics } = measurePartition({ root: cut.root, parts: [huge] });

    expect(diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['error ASL402', 'error ASL402']);
    expect(diagnostics[0]?.message).toMatch(
      /^The machine's definition: \d+ bytes, and Step Functions takes 1048576\. More than half of it is in `t0\.\.t3:/,
    );
  });

  it('counts the transitions of a part as often as it is started, wherever its machine stands', () => {
    const inner = { l: { loop: { maxIterations: 10, tasks: { a: {} } } } };
    const looped = smallPlan(inner);
    const tasks = looped.tasks.map((it) =>
      it.kind === 'loop' ? { ...it, region: { ...it.region, skeleton: task('a') } } : it,
    );
    const { root, parts } = partition(
      { ...looped, tasks, skeleton: task('l') },
      { raw: 100_000, escaped: 100_000, events: 163 },
    );
    const linked = link(root, { ...targets, part: () => 'arn:part' });

    const ofLinked = measurePartition({ root: linked, parts }, (arn) => (arn === 'arn:part' ? 0 : undefined));

    expect(parts).toHaveLength(1);
    const own = measure(root).transitions.worst;
    expect(ofLinked.transitions.worst).toBe(own + 10 * measure(parts[0]!.machine).transitions.worst);
    expect(measurePartition({ root, parts }).transitions).toEqual(ofLinked.transitions);
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
