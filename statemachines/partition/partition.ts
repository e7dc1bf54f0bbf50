import type { Block, Plan, PlannedTask } from '../../core/plan/index.ts';
import type { Machine } from '../asl/asl.ts';
import { BranchWriter } from '../asl/branch-writer.ts';
import { NameTable } from '../asl/name-table.ts';
import { assertSound } from '../asl/structure.ts';
import { bytesOf, bytesOfLinking } from '../bytes.ts';
import { historyEvents } from '../history-events.ts';
import { asPart, lowerPart } from '../lower/lower-part.ts';
import { createLowering, lower, lowerWith, type Replacements } from '../lower/lower.ts';
import { BYTES_BUDGET, ESCAPED_BUDGET, EVENTS_BUDGET } from '../quotas.ts';
import { cutPlan, type CutPlan, type Part } from './cutter.ts';
import { leafWeigher } from './leaf-weight.ts';
import { difference, fits, sum, type Weight } from './weight.ts';

/** A machine that runs a part of the root's execution, started by a state of the root or of another part. */
export interface PartMachine {
  /** `clone..rank`: the tasks that it begins and ends with. Two parts may have the same name. */
  readonly name: string;
  readonly machine: Machine;
}

export interface Partition {
  readonly root: Machine;
  /** By number: `skein:part:0` stands for the ARN of the first. None where one machine holds everything. */
  readonly parts: readonly PartMachine[];
}

const BUDGET: Weight = { raw: BYTES_BUDGET, escaped: ESCAPED_BUDGET, events: EVENTS_BUDGET };
/** What stands around the tasks of a root, and is more than what a part has around them. */
const FRAME: Weight = { raw: 2_200, escaped: 2_500, events: 25 };

const ENDLESS: Weight = { raw: Infinity, escaped: Infinity, events: Infinity };
/** So much heavier than the budget may be what is only weighed, and yet fit. */
const DOUBT = 1.5;

/**
 * The machine of a plan; over the budgets of Step Functions several, which together do the same: what is cut out is started where it was, and
 * the tasks in it report to the same execution. A function of the plan alone: same plan, same bytes.
 */
export function partition(plan: Plan, budget: Weight = BUDGET): Partition {
  const weigh = leafWeigher(plan);
  const { weight } = cutPlan(plan, { room: ENDLESS, weigh });
  if (fits(sum([FRAME, weight]), budget)) return { root: lower(plan), parts: [] };
  // What is weighed is a little more than it will be: near the budget, the machine itself decides.
  const whole = fits(weight, widened(budget)) ? lower(plan) : undefined;
  if (whole && fits(weightOfMachine(whole), budget)) return { root: whole, parts: [] };
  const cut = indexed(cutPlan(plan, { room: difference(budget, FRAME), weigh }));
  if (cut.parts.length === 0) return { root: whole ?? lower(plan), parts: [] };
  return {
    root: lowerWith(cut.plan, tasksIn(cut.plan.skeleton, cut), replacements(cut)),
    parts: cut.parts.map((part) => ({ name: part.name, machine: lowerPartMachine(part, cut) })),
  };
}

function widened({ raw, escaped, events }: Weight): Weight {
  return { raw: raw * DOUBT, escaped: escaped * DOUBT, events: events * DOUBT };
}

function weightOfMachine(machine: Machine): Weight {
  const text = JSON.stringify(machine);
  const linking = bytesOfLinking(machine);
  return {
    raw: bytesOf(text) + linking,
    escaped: bytesOf(JSON.stringify(text)) + linking,
    events: historyEvents(machine, 'longest'),
  };
}

/** begin, unlike in a root, is reading what the part was started with; it ends as its block does. */
function lowerPartMachine(part: Part, cut: IndexedCut): Machine {
  const names = new NameTable();
  const own = tasksIn(part.block, cut, part);
  const lowering = createLowering({ plan: cut.plan, own, names, replacements: replacements(cut, part) });
  const writer = new BranchWriter(names);
  lowering.lower(part.block, writer);
  const branch = asPart(writer.finish(), lowering.roundsAround(part.member), names.claim('enter'));
  return assertSound({ QueryLanguage: 'JSONata', ...branch });
}

/** Every part but this one, which is being lowered, is a state that starts it. */
function replacements({ parts }: CutPlan, without?: Part): Replacements {
  const others = parts.filter((part) => part !== without);
  return new Map(
    others.map(({ block, number, name, member }) => [
      block,
      (writer, lowering) => lowerPart({ number, name, rounds: lowering.roundsAround(member) }, writer, lowering),
    ]),
  );
}

interface IndexedCut extends CutPlan {
  readonly tasks: ReadonlyMap<string, PlannedTask>;
}

function indexed(cut: CutPlan): IndexedCut {
  return { ...cut, tasks: new Map(cut.plan.tasks.map((task) => [task.id, task])) };
}

/** The tasks that have a state in the machine of a block: what is cut out of it has none. */
function tasksIn(block: Block, { tasks, parts }: IndexedCut, of?: Part): PlannedTask[] {
  const cuts = new Set(parts.filter((part) => part !== of).map((part) => part.block));
  const found: PlannedTask[] = [];
  const open = [block];
  for (let next = open.pop(); next; next = open.pop()) {
    if (cuts.has(next)) continue;
    if (next.kind !== 'task') {
      for (const inner of next.blocks.toReversed()) open.push(inner);
      continue;
    }
    const task = tasks.get(next.task);
    if (task) found.push(task);
    if (task?.kind === 'loop' || task?.kind === 'group') open.push(task.region.skeleton);
  }
  return found;
}
