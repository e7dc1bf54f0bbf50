import type { Cause } from '../../execution/index.ts';
import type { TaskPath } from '../../ids/index.ts';
import { link } from './explanation.ts';
import { subjectOf, type Situation } from './situation.ts';
import type { Step } from './step.ts';
import { duration, moment, nameList } from './wording.ts';

type Question = Extract<Cause, { kind: 'approval' }>;

/** People were asked, and nobody has decided. */
export function approvalStep(situation: Situation, path: TaskPath, question: Question): Step {
  const { approval, at, until } = question;
  const { now, index } = situation;
  const who = askedText(question);
  const clause = `${subjectOf(situation, path)} waits for the decision of ${who}, asked ${duration(now - at)} ago`;
  const task = index.taskAt(path);
  const otherwise =
    task.kind === 'checkpoint' && task.approve
      ? `, or it is ${task.approve.onTimeout === 'approve' ? 'approved' : 'rejected'} then`
      : '';
  const what = `${who} must decide by ${moment(until, now)}${otherwise}`;
  return { link: link(path, 'approval', clause), next: { what, who: 'person', command: `skein approve ${approval}` } };
}

/** Who may decide. */
function askedText({ roles = [], assignees = [] }: Question): string {
  const names = assignees.length > 0 ? [nameList(assignees, assignees.length)] : [];
  const holders = roles.length > 0 ? [`somebody with role ${nameList(roles, roles.length)}`] : [];
  const asked = [...names, ...holders].join(' or ');
  return asked === '' ? 'somebody' : asked;
}
