import { collectItems, forEachOf, itemPathsOf } from '../../execution/index.ts';
import { tasksOfRegion } from '../tasks-of-region.ts';
import { checkCalls } from './calls.ts';
import { checkEnding, endingOf, settledRecords, type Judge } from './judge.ts';
import { checkLoop } from './loops.ts';
import type { Place } from './places.ts';
import type { TaskLife } from './task-life.ts';
import { opens } from './task-work.ts';
import type { Report } from './violation.ts';

/** Containers open as planned, hold what is in them until they have opened, and end after it, as the rules of their kind say. */
export function checkContainers(judge: Judge, places: readonly Place[]): void {
  for (const place of places) {
    const life = judge.lives.get(place.path);
    if (!life) continue;
    checkInside(place, life, judge.report);
    if (place.work === 'fan_out') checkFanOut(judge, place, life);
    if (opens(place.work)) checkContainer(judge, place, life);
  }
}

/** Nothing acts before the container around it has opened, except that a stop may cancel it. */
function checkInside({ path, opening }: Place, { begun, settled }: TaskLife, report: Report): void {
  const acted = begun ?? (settled?.status === 'cancelled' ? undefined : settled?.lamport);
  if (opening === undefined || acted === undefined || acted > opening.lamport) return;
  report('acted_before_opening', path, `It acted at clock ${acted}, and ${opening.path} opened at ${opening.lamport}.`);
}

function checkContainer(judge: Judge, { path, task, work }: Place, life: TaskLife): void {
  const [first, second] = life.openings;
  if (!first) {
    const status = life.settled?.status;
    if (status === 'succeeded' || status === 'unknown') {
      judge.report('settled_unopened', path, `It settled as ${status}, and never opened.`);
    }
    return;
  }
  if (work !== 'loop' && second) judge.report('opened_twice', path, `It opened again at clock ${second.lamport}.`);
  const forEach = forEachOf(task);
  if (task.kind === 'loop') checkLoop(judge, task, life);
  else if (task.kind === 'group') checkGroup(judge, life);
  else if (forEach) checkCalls(judge, forEach, { life, opening: first });
}

function checkGroup(judge: Judge, life: TaskLife): void {
  const members = tasksOfRegion(judge.index, life.path);
  checkEnding(judge, life, members, () => endingOf(judge, members));
}

function checkFanOut(judge: Judge, { path, task }: Place, life: TaskLife): void {
  const items = itemPathsOf(path, task);
  checkEnding(judge, life, items, () => collectItems(settledRecords(judge, items))?.status);
}
