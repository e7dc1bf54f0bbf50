import { assertNever } from '../../errors/index.ts';
import { decideJoin, forEachOf, isSettled, type SettledTaskRecord, type TaskRecord } from '../../execution/index.ts';
import { memberPath, regionOf } from '../../ids/index.ts';
import type { AgentTask, ChildTask, LoopTask } from '../../plan/index.ts';
import { link, type CauseLink, type Findings } from './explanation.ts';
import { afterFailure, failureLinks } from './failure.ts';
import { insideOf, subjectOf, type Situation } from './situation.ts';
import { explainStop } from './stop.ts';
import { counted, quoted } from './wording.ts';

/** How a settled task came to its end: by what it did itself, or through others that decided it, up to the first of them. */
export function explainEnding(situation: Situation, record: SettledTaskRecord): Findings {
  const chain: CauseLink[] = [];
  for (let at = record; ;) {
    const decisive = decisiveProducer(situation, at) ?? decisiveMember(situation, at);
    if (!decisive) {
      const root = ownEnding(situation, at);
      return { ...root, chain: [...chain, ...root.chain] };
    }
    chain.push(endingThrough(situation, at, decisive));
    at = decisive;
  }
}

export function hasSettled(record: TaskRecord | undefined): record is SettledTaskRecord {
  return record !== undefined && isSettled(record.status);
}

/** The dependency that decided against running; none for a task that ran, or that its own `when` skipped. */
function decisiveProducer(situation: Situation, { path, status }: SettledTaskRecord): SettledTaskRecord | undefined {
  if (status !== 'upstream_failed' && status !== 'skipped') return undefined;
  const task = situation.index.taskAt(path);
  const edges = situation.edgesOf(path);
  if (decideJoin(task.join, edges, situation.plan.onSkip).kind !== status) return undefined;
  const decisive = status === 'skipped' ? ['skipped'] : ['failed', 'upstream_failed', 'unknown', 'cancelled'];
  const producers = edges.filter((edge) => decisive.includes(edge.status));
  return producers.map((edge) => situation.find(memberPath(regionOf(path), edge.task))).find(hasSettled);
}

/** Of an open container that ended so because something inside did: the first of these. A failure is told apart. */
function decisiveMember(situation: Situation, record: SettledTaskRecord): SettledTaskRecord | undefined {
  if (record.status === 'succeeded' || record.status === 'failed') return undefined;
  return insideOf(situation, record.path, record)
    ?.map((path) => situation.find(path))
    .filter(hasSettled)
    .find(({ status }) => status === record.status);
}

function endingThrough(situation: Situation, record: SettledTaskRecord, decisive: SettledTaskRecord): CauseLink {
  const { path, status } = record;
  const withIt = `because ${quoted(decisive.path)} in it`;
  if (status === 'unknown') {
    return link(path, status, `${subjectOf(situation, path)} is unknown, ${withIt} is`);
  }
  if (status === 'cancelled') {
    return link(path, status, `${subjectOf(situation, path)} was cancelled, ${withIt} was`);
  }
  return withoutRun(situation, record);
}

function withoutRun(situation: Situation, { path, status, why }: SettledTaskRecord): CauseLink {
  const subject = subjectOf(situation, path);
  const clause = status === 'skipped' ? `${subject} was skipped` : `${subject} could not run`;
  return link(path, status, why === undefined ? clause : `${clause}: ${why}`);
}

function ownEnding(situation: Situation, record: SettledTaskRecord): Findings {
  const { path, status } = record;
  switch (status) {
    case 'succeeded': {
      const clause = `${subjectOf(situation, path)} succeeded ${achievement(situation, record)}`;
      return { chain: [link(path, status, clause)] };
    }
    case 'failed':
      return { chain: failureLinks(situation, record), next: afterFailure(situation, record) };
    case 'upstream_failed':
    case 'skipped':
      return { chain: [withoutRun(situation, record)] };
    case 'cancelled': {
      const stop = explainStop(situation);
      return { ...stop, chain: [link(path, status, cancelledClause(situation, record)), ...stop.chain] };
    }
    case 'unknown':
      return explainUnknown(situation, record);
  }
}

function cancelledClause(situation: Situation, { path, child, round, calls }: SettledTaskRecord): string {
  const clause = `${subjectOf(situation, path)} was cancelled`;
  if (child !== undefined) return `${clause} with its child execution ${quoted(child)}`;
  if (round !== undefined) return `${clause}: no further iteration began when the execution stopped`;
  if (calls) return `${clause}: no further call began when the execution stopped`;
  return `${clause}: it was not running when the execution stopped`;
}

/** What a success consisted of. */
function achievement(situation: Situation, record: SettledTaskRecord): string {
  const { path, attempts, child, round = 0 } = record;
  const task = situation.index.taskAt(path);
  const inside = insideOf(situation, path, record);
  switch (task.kind) {
    case 'agent':
      if (record.cached) {
        const { execution, task: caller } = record.cached;
        return `from the cache: ${quoted(caller)} of execution ${quoted(execution)} had made the same call`;
      }
      return inside ? withAllCalls(task, record, inside.length) : `after ${counted(attempts, 'attempt')}`;
    case 'workflow':
      return inside ? withAllCalls(task, record, inside.length) : `with its child execution ${quoted(child ?? '')}`;
    case 'group':
      return `when the last of its ${counted(inside?.length ?? 0, 'task')} had settled`;
    case 'loop':
      return afterRounds(task, round + 1);
    case 'wait':
      return task.wait.kind === 'event' ? `when event ${quoted(task.wait.event)} came` : 'when its time had come';
    case 'emit':
      return `when it had published event ${quoted(task.event)}`;
    case 'checkpoint':
      return approvalText(record);
    default:
      return assertNever(task, 'a planned task');
  }
}

function approvalText({ decided }: SettledTaskRecord): string {
  if (!decided) return 'when it had recorded how far the execution is';
  return decided.by === undefined
    ? 'when its time was up: nobody had decided, and that approves it'
    : `when ${quoted(decided.by)} had approved it`;
}

function withAllCalls(task: AgentTask | ChildTask, { calls }: TaskRecord, count: number): string {
  if (!forEachOf(task) || !calls) return `with all its ${counted(count, 'item')}`;
  if (calls.count === 0) return 'without a call: its list is empty';
  const failures = calls.failed === 0 ? '' : `, although ${counted(calls.failed, 'item')} failed, as it tolerates`;
  return `with all its ${counted(calls.calls, 'call')}${failures}`;
}

function afterRounds({ maxIterations, until }: LoopTask, rounds: number): string {
  if (rounds === maxIterations) return `after all its ${counted(rounds, 'iteration')}`;
  const why = until === undefined ? '' : `, when ${quoted('until')} was true`;
  return `after ${rounds} of at most ${counted(maxIterations, 'iteration')}${why}`;
}

function explainUnknown(situation: Situation, { path }: SettledTaskRecord): Findings {
  const clause = `Task ${quoted(path)} was running when the execution stopped and did not answer in time, so nobody knows whether it took effect`;
  const key = quoted(`${situation.execution.id}/${path}`);
  return {
    chain: [link(path, 'unknown', clause), ...explainStop(situation).chain],
    next: { what: `you find out what the agent did under the idempotency key ${key}`, who: 'person' },
  };
}
