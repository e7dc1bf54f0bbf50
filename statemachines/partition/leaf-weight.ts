import type { Plan, PlannedTask } from '../../core/plan/index.ts';
import { BranchWriter } from '../asl/branch-writer.ts';
import { NameTable } from '../asl/name-table.ts';
import { bytesOfLinking } from '../bytes.ts';
import { eventsOfState } from '../history-events.ts';
import { createLowering } from '../lower/lower.ts';
import type { Lowering } from '../lower/lowering.ts';
import { routeThrough, weightOf } from '../routes.ts';
import { sum, weightOfText, type Weight } from './weight.ts';

/** What the states of a task weigh that is no group and no loop. One of each size is lowered, by itself, and measured. */
export function leafWeigher(plan: Plan): (task: PlannedTask) => Weight {
  const names = new NameTable();
  const lowering = createLowering({ plan, own: plan.tasks, names, replacements: new Map() });
  const known = new Map<string, Weight>();
  return (task) => {
    const size = sizeOf(task, lowering);
    const weight = known.get(size) ?? weightOfLeaf(task.id, new BranchWriter(names), lowering);
    known.set(size, weight);
    return weight;
  };
}

/** Tasks of equal size are lowered to texts of equal length: ids are ASCII, and all else is the same for all. */
function sizeOf(task: PlannedTask, lowering: Lowering): string {
  const items = task.kind === 'agent' ? task.fanOut : undefined;
  return `${task.id.length} ${items ?? ''} ${lowering.roundsAround(task.id).join()}`;
}

function weightOfLeaf(id: string, writer: BranchWriter, lowering: Lowering): Weight {
  lowering.lower({ kind: 'task', task: id }, writer);
  const branch = writer.finish();
  const name = branch.StartAt;
  const state = branch.States[name];
  if (!state) return weightOfText('', 0);
  // Its name is said again by the success and by the failure of whatever comes before it.
  const text = `${JSON.stringify({ [name]: state })}${name}${name}`;
  const isParallel = state.Type === 'Parallel';
  const events = isParallel ? weightOf(routeThrough(branch, 'longest', eventsOfState)) : eventsOfState(state);
  const linking = bytesOfLinking(branch);
  return sum([weightOfText(text, events), { raw: linking, escaped: linking, events: 0 }]);
}
