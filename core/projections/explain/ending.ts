import { decideJoin, isSettled, type SettledTaskRecord, type TaskRecord } from '../../execution/index.ts';
import { taskPath } from '../../ids/index.ts';
import { explainStop } from './stop.ts';
import { link, type CauseLink, type Findings } from './explanation.ts';
import { afterFailure, failureLinks } from './failure.ts';
import { itemsOf, type Situation } from './situation.ts';
import { counted, quoted } from './wording.ts';

/** How a settled task came to its end: by what it did itself, or through others that decided it, up to the first of them. */
export function explainEnding(situation: Situation, record: SettledTaskRecord): Findings {
  const chain: CauseLink[] = [];
  for (let at = record; ;) {
    const producer = decisiveProducer(situation, at);
    if (!producer) {
      const root = ownEnding(situation, at);
      return { ...root, chain: [...chain, ...root.chain] };
    }
    chain.push(withoutRun(at));
    at = producer;
  }
}

export function hasSettled(record: TaskRecord | undefined): record is SettledTaskRecord {
  return record !== undefined && isSettled(record.status);
}

/** The dependency that decided against running; none for a task that ran, or that its own `when` skipped. */
function decisiveProducer(situation: Situation, { path, status }: SettledTaskRecord): SettledTaskRecord | undefined {
  if (status !== 'upstream_failed' && status !== 'skipped') return undefined;
  const task = situation.index.taskAt(path);
  const edges = situation.edgesOf(task);
  if (decideJoin(task.join, edges, situation.plan.onSkip).kind !== status) return undefined;
  const decisive = status === 'skipped' ? ['skipped'] : ['failed', 'upstream_failed', 'unknown', 'cancelled'];
  const producers = edges.filter((edge) => decisive.includes(edge.status));
  return producers.map((edge) => situation.find(taskPath(edge.task))).find(hasSettled);
}

function withoutRun({ path, status, why }: SettledTaskRecord): CauseLink {
  const clause = status === 'skipped' ? `Task ${quoted(path)} was skipped` : `Task ${quoted(path)} could not run`;
  return link(path, status, why === undefined ? clause : `${clause}: ${why}`);
}

function ownEnding(situation: Situation, record: SettledTaskRecord): Findings {
  const { path, status } = record;
  switch (status) {
    case 'succeeded':
      return { chain: [link(path, status, `Task ${quoted(path)} succeeded ${effort(situation, record)}`)] };
    case 'failed':
      return { chain: failureLinks(situation, record), next: afterFailure(situation, record) };
    case 'upstream_failed':
    case 'skipped':
      return { chain: [withoutRun(record)] };
    case 'cancelled': {
      const clause = `Task ${quoted(path)} was cancelled: it was not running when the execution stopped`;
      const stop = explainStop(situation);
      return { ...stop, chain: [link(path, status, clause), ...stop.chain] };
    }
    case 'unknown':
      return explainUnknown(situation, record);
  }
}

function effort(situation: Situation, { path, attempts }: SettledTaskRecord): string {
  const items = itemsOf(situation, path);
  return items ? `with all its ${counted(items.length, 'item')}` : `after ${counted(attempts, 'attempt')}`;
}

function explainUnknown(situation: Situation, { path }: SettledTaskRecord): Findings {
  const clause = `Task ${quoted(path)} was running when the execution stopped and did not answer in time, so nobody knows whether it took effect`;
  const key = quoted(`${situation.execution.id}/${path}`);
  return {
    chain: [link(path, 'unknown', clause), ...explainStop(situation).chain],
    next: { what: `you find out what the agent did under the idempotency key ${key}`, who: 'person' },
  };
}
