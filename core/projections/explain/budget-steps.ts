import type { Cause } from '../../execution/index.ts';
import type { TaskPath } from '../../ids/index.ts';
import { budgetAmount } from '../../resilience/index.ts';
import { link } from './explanation.ts';
import { subjectOf, type Situation } from './situation.ts';
import type { Step } from './step.ts';
import { nameList, quoted } from './wording.ts';

/** Calls that go on have reserved what is left; they may be this execution's and those of others in its family. */
export function budgetStep(
  situation: Situation,
  path: TaskPath,
  { budget, of, limit, needs, approval }: Extract<Cause, { kind: 'budget' }>,
): Step {
  const whose = of === situation.execution.id ? '' : ` of ${quoted(of)}`;
  const need = needs === undefined ? '' : `: its call may need ${budgetAmount(budget, needs)}`;
  const clause = `${subjectOf(situation, path)} waits for room in the budget ${quoted(budget)}${whose} of ${budgetAmount(budget, limit)}${need}`;
  if (approval !== undefined) {
    const what = `somebody must say by how much the budget ${quoted(budget)}${whose} is raised, or reject it: then what waits fails with ${quoted('BudgetExceeded')}`;
    const command = `skein approve ${approval} --output raise=${needs ?? 1}`;
    return {
      link: link(path, 'budget', `${clause}, and what is left of it is not enough`),
      next: { what, who: 'person', command },
    };
  }
  const holders = situation.running.filter(({ attempt }) =>
    attempt?.holds?.budgets?.some((hold) => hold.of === of && hold.reserved !== undefined),
  );
  const [first] = holders;
  if (first) {
    const names = nameList(holders.map((holder) => holder.path));
    const have = `${names} ${holders.length === 1 ? 'has' : 'have'} reserved what is left`;
    return { link: link(path, 'budget', `${clause}, and ${have}`), because: first.path };
  }
  const what = `a call of another execution that draws on the budget ${quoted(budget)}${whose} must end`;
  return {
    link: link(path, 'budget', `${clause}, and other executions have reserved what is left`),
    next: { what, who: 'agent' },
  };
}
