import { decideSaga, undoSet, type SettledTaskRecord, type TaskRecord } from '../../execution/index.ts';
import { compensationPath } from '../../ids/index.ts';
import { explainEnding } from './ending.ts';
import { link, type CauseLink, type Findings, type NextStep } from './explanation.ts';
import { errorPhrase, runAgain } from './failure.ts';
import type { Situation } from './situation.ts';
import { explainStop } from './stop.ts';
import { explainWaiting } from './waiting.ts';
import { nameList, quoted } from './wording.ts';

/** An execution that undoes what was done, down to the compensation that must go on. */
export function explainCompensating(situation: Situation, subject: string): Findings {
  const { index, tasks } = situation;
  const set = undoSet(index, tasks);
  const undone = set.filter(({ undo }) => undo === 'compensated').length;
  const here = link(
    '',
    'compensating',
    `${subject} undoes what was done, ${undone} of ${set.length} so far${because(situation)}`,
  );
  const [first] = decideSaga(index, tasks).open;
  if (!first) return { chain: [here], next: { what: 'the engine begins the next compensation', who: 'engine' } };
  const below = compensationSteps(situation, first);
  return { ...below, chain: [here, ...below.chain] };
}

/** All of it was undone. */
export function explainCompensated(situation: Situation, subject: string): Findings {
  const names = nameList(undoSet(situation.index, situation.tasks).map(({ path }) => path));
  const chain = [link('', 'compensated', `${subject} was undone: ${names}${because(situation)}`), ...causes(situation)];
  const what = 'you start a new execution if its result is still wanted';
  return { chain, next: { what, who: 'person', command: runAgain } };
}

/** Not all of it was. */
export function explainResidue(situation: Situation, subject: string): Findings {
  const { residue } = decideSaga(situation.index, situation.tasks);
  const [first] = residue;
  const names = nameList(residue.map(({ path }) => path));
  const left = residue.length === 0 ? 'an operator has seen to all that was left' : `${names} could not be undone`;
  const here = link('', 'compensation_failed', `${subject} could not all be undone: ${left}${because(situation)}`);
  if (!first) return { chain: [here] };
  return { chain: [here, ...failureOf(situation, first)], next: operatorsTurn(situation) };
}

/** A task of which a saga undoes, or has undone, what it did. */
export function explainUndo(situation: Situation, record: SettledTaskRecord): Findings {
  const { path, undo } = record;
  const ending = explainEnding(situation, record);
  const { chain } = ending;
  switch (undo) {
    case 'compensating': {
      const below = compensationSteps(situation, record);
      return { ...below, chain: [link(path, undo, `Task ${quoted(path)} is being undone`), ...below.chain, ...chain] };
    }
    case 'compensated':
      return { chain: [link(path, undo, `Task ${quoted(path)} was undone`), ...chain] };
    case 'compensation_failed':
      return { chain: [...failureOf(situation, record), ...chain], next: operatorsTurn(situation) };
    default:
      return ending;
  }
}

function compensationSteps(situation: Situation, { path }: TaskRecord): Findings {
  return explainWaiting(situation, compensationPath(path));
}

function failureOf(situation: Situation, { path, resolution }: TaskRecord): readonly CauseLink[] {
  if (resolution)
    return [link(path, 'compensation_failed', `Task ${quoted(path)} stays as it is: ${resolution.by} has said so`)];
  const error = situation.find(compensationPath(path))?.error;
  return error
    ? [link(path, 'compensation_failed', `Task ${quoted(path)} could not be undone: ${errorPhrase(error)}`)]
    : [];
}

function operatorsTurn({ execution: { id } }: Situation): NextStep {
  const what = 'somebody must see to what was not undone: try it again, say that it was done by hand, or leave it';
  return { what, who: 'person', command: `skein compensations ${id}` };
}

function because({ execution: { saga } }: Situation): string {
  return saga?.error ? `, because ${errorPhrase(saga.error)}` : '';
}

function causes(situation: Situation): readonly CauseLink[] {
  return situation.execution.stopping ? explainStop(situation).chain : [];
}
