import { containerOf, forEachOf, isSettled, toleratedItems, type TaskRecord } from '../../execution/index.ts';
import { parseItemPath, parseRegion, regionOf, type TaskPath } from '../../ids/index.ts';
import type { LoopTask, PlannedTask } from '../../plan/index.ts';
import { hasSettled } from './ending.ts';
import { link } from './explanation.ts';
import { insideOf, subjectOf, type Situation } from './situation.ts';
import type { Step } from './step.ts';
import { counted, lowerFirst, nameList, quoted } from './wording.ts';

/** The container that keeps a task from doing anything: it has ended, is not open, has not come to this iteration or call. */
export interface Keeper {
  readonly kind: 'settled' | 'unopened' | 'later_round' | 'later_call';
  readonly container: TaskPath;
}

export function keeperOf({ index, find }: Situation, path: TaskPath): Keeper | undefined {
  const container = containerOf(path, index.taskAt(path));
  if (container === undefined) return undefined;
  const record = find(container);
  if (hasSettled(record)) return { kind: 'settled', container };
  if (record?.status !== 'running') return { kind: 'unopened', container };
  const call = parseItemPath(path)?.index;
  if (call !== undefined && record.calls) {
    return call < record.calls.started ? undefined : { kind: 'later_call', container };
  }
  const round = parseRegion(regionOf(path))?.round ?? 0;
  return round > (record.round ?? 0) ? { kind: 'later_round', container } : undefined;
}

export function keptStep(situation: Situation, path: TaskPath, { kind, container }: Keeper): Step {
  const subject = subjectOf(situation, path);
  const keeper = lowerFirst(subjectOf(situation, container));
  switch (kind) {
    case 'settled': {
      const clause = `${subject} was never started: ${keeper} has ended without it`;
      return { link: link(path, 'container', clause), ended: container };
    }
    case 'unopened':
      return { link: link(path, 'container', `${subject} waits for ${keeper} to open`), because: container };
    case 'later_round': {
      const round = parseRegion(regionOf(path))?.round ?? 0;
      const clause = `${subject} waits for ${keeper} to come to iteration ${round + 1}`;
      return { link: link(path, 'container', clause), because: container };
    }
    case 'later_call': {
      const clause = `${subject} waits for its turn among the calls of ${quoted(container)}`;
      return { link: link(path, 'container', clause), because: container };
    }
  }
}

/** What an open container, or a fan-out that has begun, waits for inside. Undefined for a task that is neither. */
export function insideStep(situation: Situation, path: TaskPath): Step | undefined {
  const record = situation.find(path);
  const task = situation.index.taskAt(path);
  const members = insideOf(situation, path, record);
  const isOpen = record?.status === 'running' || members?.some((item) => hasBegun(situation.find(item)));
  if (!members || !isOpen) return undefined;
  const open = members.filter((member) => !isSettled(situation.statusOf(member)));
  const first = nextToSettle(situation, task, open);
  if (first === undefined) return collectStep(situation, path, task);
  const rest = open.filter((member) => member !== first);
  const clause = `${progress(situation, path, { record, settled: members.length - open.length, members })} and waits for ${nameList([first, ...rest])}`;
  return { link: link(path, 'region' in task ? 'members' : 'items', clause), because: first };
}

/** An item that waits for dependencies waits for those of its fan-out. */
function hasBegun(record: TaskRecord | undefined): boolean {
  return record !== undefined && record.cause?.kind !== 'dependency';
}

/** Of members the slowest one; of items and calls, which are all alike, one that works. */
function nextToSettle(situation: Situation, task: PlannedTask, open: readonly TaskPath[]): TaskPath | undefined {
  if ('region' in task) return situation.slowest(open);
  return open.find((item) => situation.running.some(({ path }) => path === item)) ?? open[0];
}

interface Inside {
  readonly record: TaskRecord | undefined;
  readonly members: readonly TaskPath[];
  readonly settled: number;
}

function progress({ index }: Situation, path: TaskPath, { record, members, settled }: Inside): string {
  const task = index.taskAt(path);
  const name = quoted(path);
  if (task.kind === 'group') return `Group ${name} has settled ${settled} of its ${counted(members.length, 'task')}`;
  if (task.kind === 'loop') return `Loop ${name} is in ${iteration(task, record?.round ?? 0)}`;
  const forEach = forEachOf(task);
  const calls = record?.calls;
  if (!forEach || !calls) return `Fan-out ${name} has settled ${settled} of its ${counted(members.length, 'item')}`;
  const failures =
    calls.failed === 0 ? '' : ` (${counted(calls.failed, 'item')} failed, ${toleratedItems(forEach, calls.count)} may)`;
  return `Task ${name} has settled ${calls.settled} of its ${counted(calls.calls, 'call')}${failures}, makes at most ${forEach.maxConcurrency} at once`;
}

function iteration({ maxIterations, until }: LoopTask, round: number): string {
  const most = until === undefined ? `${maxIterations}` : `at most ${maxIterations}`;
  const why =
    until === undefined || round === 0 ? '' : `, because ${quoted('until')} was not true after iteration ${round},`;
  return `iteration ${round + 1} of ${most}${why}`;
}

/** The last one inside has settled, and whoever settled it collects the container in the next moment. */
function collectStep(situation: Situation, path: TaskPath, task: PlannedTask): Step {
  const clause = `${subjectOf(situation, path)} has nothing left to wait for`;
  const what = `the engine ${collecting(task, situation.find(path))} ${quoted(path)}`;
  return { link: link(path, 'dispatch', clause), next: { what, who: 'engine' } };
}

function collecting(task: PlannedTask, record: TaskRecord | undefined): string {
  if (task.kind === 'loop' && task.until !== undefined) return `evaluates ${quoted('until')} of`;
  const calls = record?.calls;
  return calls && calls.started < calls.calls ? 'starts the next call of' : 'settles';
}
