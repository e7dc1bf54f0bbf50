import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plan as planDefinition, type Plan, type TaskGraph } from '../../../core/plan/index.ts';
import {
  lower,
  measure,
  structuralFaults,
  type Branch,
  type Machine,
  type State,
} from '../../../statemachines/index.ts';
import { cutPlan } from '../../../statemachines/partition/cutter.ts';
import { leafWeigher } from '../../../statemachines/partition/leaf-weight.ts';
import { partition, type Partition } from '../../../statemachines/partition/partition.ts';
import type { Weight } from '../../../statemachines/partition/weight.ts';
import { aslErrors } from '../../makers/asl-validator.ts';
import { series, task } from '../../makers/block.ts';
import { expectGolden, goldenCases, goldenFile } from '../../makers/golden.ts';
import { plannedGraph } from '../../makers/planned.ts';
import { smallPlan, type SmallTasks } from '../../makers/small-plan.ts';
import { layeredGraph, randomGraph } from '../../makers/task-graph.ts';
import { validDefinition } from '../../makers/valid-definition.ts';

const budget = (raw: number, events = 15_000): Weight => ({ raw, escaped: raw * 1.2, events });

const machinesOf = ({ root, parts }: Partition): Machine[] => [root, ...parts.map(({ machine }) => machine)];

/** All states of a machine, those inside Parallels included. */
function statesOf({ States }: Branch): [string, State][] {
  return Object.entries(States).flatMap(([name, state]) =>
    state.Type === 'Parallel'
      ? [[name, state] as [string, State], ...state.Branches.flatMap(statesOf)]
      : [[name, state]],
  );
}

/** What the task states of a machine call, as JSON texts of their Arguments' members. */
function argumentsOf(machine: Machine, key: string): unknown[] {
  return statesOf(machine).flatMap(([, state]) =>
    state.Type === 'Task' && state.Arguments && key in state.Arguments ? [state.Arguments[key]] : [],
  );
}

const dispatched = (machine: Machine): string[] =>
  argumentsOf(machine, 'Payload').flatMap((payload) => (payload as { task?: string }).task ?? []);
const started = (machine: Machine): unknown[] => argumentsOf(machine, 'StateMachineArn');

/** Skeletons of a plan's regions are series of all members; only their order matters here. */
function inSeries(plan: Plan): Plan {
  const tasks = plan.tasks.map((it) =>
    it.kind === 'loop' || it.kind === 'group'
      ? { ...it, region: { ...it.region, skeleton: series(...it.region.members.map(task)) } }
      : it,
  );
  return { ...plan, tasks, skeleton: series(...plan.members.map(task)) };
}

const planOf = (tasks: SmallTasks): Plan => inSeries(smallPlan(tasks));
const chainOf = (prefix: string, count: number): SmallTasks =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`${prefix}${n}`, {}]));

const plain: fc.Arbitrary<TaskGraph> = randomGraph(40);

describe('partition', () => {
  it('leaves a plan in one machine that fits', () => {
    const plan = planOf(chainOf('t', 20));

    expect(partition(plan)).toEqual({ root: lower(plan), parts: [] });
  });

  it('cuts so that every machine fits, every task has its state once, and every part is started once', () => {
    fc.assert(
      fc.property(plain, fc.integer({ min: 7_000, max: 20_000 }), (graph, raw) => {
        const plan = plannedGraph(graph);

        const cut = partition(plan, budget(raw));

        const machines = machinesOf(cut);
        const sizes = machines.map((machine) => measure(machine).figures[0]?.value ?? Infinity);
        expect(sizes.filter((size) => size > raw)).toEqual([]);
        expect(machines.flatMap(dispatched).toSorted()).toEqual(plan.tasks.map(({ id }) => id).toSorted());
        expect(machines.flatMap(started).toSorted()).toEqual(
          cut.parts.map((_, number) => `skein:part:${number}`).toSorted(),
        );
        expect(machines.flatMap(structuralFaults)).toEqual([]);
      }),
    );
  });

  it.each(goldenCases('partition'))('cuts as before: %s', (name) => {
    const file = (it: string): string => goldenFile('partition', name, it);
    const plan = planDefinition(validDefinition(readFileSync(file('definition.yaml'), 'utf8')));
    const own = JSON.parse(readFileSync(file('budget.json'), 'utf8')) as Weight;

    const cut = partition(plan, own);

    expectGolden(file('machines.json'), `${JSON.stringify(cut, null, 2)}\n`);
  });

  it('makes the same parts of the same plan', () => {
    fc.assert(
      fc.property(plain, (graph) => {
        const bytes = (): string => JSON.stringify(partition(plannedGraph(graph), budget(9_000)));

        expect(bytes()).toBe(bytes());
      }),
      { numRuns: 30 },
    );
  });

  it.each(goldenCases('partition'))('cuts into what asl-validator accepts: %s', (name) => {
    const cut = JSON.parse(readFileSync(goldenFile('partition', name, 'machines.json'), 'utf8')) as Partition;

    expect(machinesOf(cut).flatMap(aslErrors)).toEqual([]);
  });

  it('writes what asl-validator accepts, for a sample of graphs', () => {
    for (const graph of fc.sample(plain, { numRuns: 4, seed: 3 })) {
      const machines = machinesOf(partition(plannedGraph(graph), budget(8_000)));

      expect(machines.flatMap(aslErrors)).toEqual([]);
    }
  });

  it('weighs no plan lighter than its machine is', () => {
    fc.assert(
      fc.property(plain, fc.integer({ min: 1, max: 30 }), (graph, length) => {
        const plan = plannedGraph(graph, { name: (it) => `t${'x'.repeat(length)}${it}`, fanOuts: { 1: 3 } });

        const { weight } = cutPlan(plan, { room: budget(Infinity, Infinity), weigh: leafWeigher(plan) });

        const [raw, escaped, events] = measure(lower(plan)).figures.map(({ value }) => value);
        expect(weight.raw + 2_200).toBeGreaterThanOrEqual(raw ?? Infinity);
        expect(weight.escaped + 2_500).toBeGreaterThanOrEqual(escaped ?? Infinity);
        expect(weight.events + 25).toBeGreaterThanOrEqual(events ?? Infinity);
        expect(weight.raw).toBeLessThan(1.2 * (raw ?? 0));
      }),
    );
  });

  it('names parts by the tasks that they begin and end with', () => {
    const { root, parts } = partition(planOf(chainOf('t', 10)), budget(8_500));

    expect(parts.map(({ name }) => name)).toEqual(['t0..t8']);
    expect(statesOf(root).map(([name]) => name)).toEqual(expect.arrayContaining(['t0..t8', 't9']));
  });

  it('hands a part the name of the whole execution, which all its calls and its own parts name', () => {
    const inner = { a: { group: { tasks: chainOf('x', 30) } }, b: { group: { tasks: chainOf('y', 30) } } };
    const { root, parts } = partition(planOf({ g: { group: { tasks: inner } }, h: {} }), budget(9_000));

    const whole = '{% $states.context.Execution.Name %}';
    expect(argumentsOf(root, 'Input')).toEqual(argumentsOf(root, 'Input').map(() => ({ execution: whole })));
    const inParts = parts.flatMap(({ machine }) => [
      ...argumentsOf(machine, 'Payload'),
      ...argumentsOf(machine, 'Input'),
    ]);
    expect(new Set(inParts.map((value) => (value as { execution: string }).execution))).toEqual(
      new Set(['{% $execution %}']),
    );
    expect(parts.some(({ machine }) => started(machine).length > 0)).toBe(true);
    for (const { machine } of parts) {
      expect(machine.States[machine.StartAt]).toMatchObject({
        Type: 'Pass',
        Assign: { execution: '{% $states.input.execution %}' },
      });
    }
  });

  it("makes a part of a loop's body whose events are too many in all its iterations, and tells it the rounds", () => {
    const inner = { loop: { maxIterations: 100, tasks: chainOf('t', 4) } };
    const plan = planOf({ outer: { loop: { maxIterations: 2, tasks: { inner } } } });

    const { root, parts } = partition(plan, budget(850_000, 3_000));

    expect(parts).toHaveLength(1);
    expect(argumentsOf(root, 'Input')).toEqual([
      { execution: '{% $states.context.Execution.Name %}', round1: '{% $round1 %}', round2: '{% $round2 %}' },
    ]);
    const [part] = parts;
    expect(part?.name).toBe('t0..t3');
    expect(part?.machine.States['enter']).toMatchObject({
      Assign: { round1: '{% $states.input.round1 %}', round2: '{% $states.input.round2 %}' },
    });
    expect(measure(root).figures.find(({ name }) => name === 'history')?.value).toBeLessThan(3_000);
  });

  it('starts a part by a name that tells rounds apart', () => {
    const loop = { l: { loop: { maxIterations: 100, tasks: chainOf('t', 20) } } };

    const { root } = partition(planOf(loop), budget(850_000, 3_000));

    const name =
      "($length($states.context.Execution.Name) > 40 ? $hash($states.context.Execution.Name, 'SHA-1') : $states.context.Execution.Name)";
    expect(argumentsOf(root, 'Name')).toEqual([`{% ${name} & '-0' & '-' & $string($round1) %}`]);
  });

  it('leaves the texts of authors alone', () => {
    const plan = planOf(chainOf('$states.context.Execution.Name', 12));

    const { parts } = partition(plan, budget(7_000));

    const tasks = parts.flatMap(({ machine }) => dispatched(machine));
    expect(tasks.length).toBeGreaterThan(0);
    expect(tasks.filter((it) => !it.startsWith('$states.context.Execution.Name'))).toEqual([]);
  });

  it('keeps what cannot be cut, even if it does not fit', () => {
    const { root, parts } = partition(planOf({ a: { fanOut: 40 }, b: {} }), budget(6_000));

    expect(parts.map(({ name }) => name)).toEqual(['a']);
    expect(dispatched(root)).toEqual(['b']);
    const alone = planOf({ a: { fanOut: 40 } });
    expect(partition(alone, budget(6_000))).toEqual({ root: lower(alone), parts: [] });
  });

  it('holds five thousand tasks in layers within the budgets of Step Functions', () => {
    const cut = partition(plannedGraph(layeredGraph(50, 100, 5)));

    const findings = machinesOf(cut).flatMap((machine) => measure(machine).diagnostics);
    expect(findings).toEqual([]);
    expect(machinesOf(cut).length).toBeLessThanOrEqual(6);
    expect(machinesOf(cut).flatMap(dispatched)).toHaveLength(5_000);
  });
});
