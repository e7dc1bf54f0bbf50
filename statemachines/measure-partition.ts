import type { State } from './asl/asl.ts';
import { partOfPlaceholder } from './lower/calls.ts';
import { findingOn, measure, type Figure, type Measures } from './measure.ts';
import type { Partition } from './partition/partition.ts';
import { routeThrough, weightOf, type Extreme } from './routes.ts';

/**
 * As `measure`, of all machines together: each figure is that of the machine in which it is worst, and transitions are those of the
 * root with those of each part as often as it is started. `partOf`: the number of the part that a machine's name or ARN stands for.
 */
export function measurePartition(
  { root, parts }: Partition,
  partOf: (arn: string) => number | undefined = partOfPlaceholder,
): Measures {
  const own = { name: undefined, ...measure(root) };
  const measured = [own, ...parts.map(({ name, machine }) => ({ name, ...measure(machine) }))];
  const figures = own.figures.map((figure) =>
    measured
      .map(({ name, figures: all }) => inMachine(name, all.find((it) => it.name === figure.name) ?? figure))
      .reduce((worst, it) => (it.value > worst.value ? it : worst)),
  );
  const transitions = (extreme: Extreme): number => transitionsOf({ root, parts }, partOf, extreme);
  return {
    figures: parts.length === 0 ? figures : [...figures, machinesFigure(parts.length)],
    states: measured.reduce((sum, { states }) => sum + states, 0),
    transitions: { best: transitions('shortest'), worst: transitions('longest') },
    diagnostics: figures.flatMap(findingOn),
  };
}

function inMachine(name: string | undefined, figure: Figure): Figure {
  return name === undefined ? figure : { ...figure, path: [`${name}:`, figure.path].join(' ').trim() };
}

function machinesFigure(parts: number): Figure {
  return {
    name: 'machines',
    value: 1 + parts,
    unit: 'machines',
    path: `the root, and ${parts} that it starts parts in`,
  };
}

function transitionsOf(
  { root, parts }: Partition,
  partOf: (arn: string) => number | undefined,
  extreme: Extreme,
): number {
  const known = new Map<number, number>();
  const ofPart = (number: number): number => {
    const machine = parts[number]?.machine;
    const weight = known.get(number) ?? (machine ? weightOf(routeThrough(machine, extreme, weigh)) : 0);
    known.set(number, weight);
    return weight;
  };
  const weigh = (state: State): number => {
    const arn = state.Type === 'Task' ? state.Arguments?.['StateMachineArn'] : undefined;
    const number = typeof arn === 'string' ? partOf(arn) : undefined;
    return number === undefined ? 1 : 1 + ofPart(number);
  };
  return weightOf(routeThrough(root, extreme, weigh));
}
