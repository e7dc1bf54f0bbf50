import { isTerminal } from '../../execution/index.ts';
import type { TaskPath } from '../../ids/index.ts';
import { hasSettled } from './ending.ts';
import { explainExecution } from './execution.ts';
import { explainWaiting } from './waiting.ts';
import { link, type ExplainInput, type Explanation, type Findings } from './explanation.ts';
import { requirePlace } from './place.ts';
import { explainUndo } from './saga.ts';
import { createSituation, type Situation } from './situation.ts';
import { quoted } from './wording.ts';

/**
 * Why an execution, or one of its tasks, is where it is: every task that is neither settled nor running has a cause, and
 * the chain of causes ends at what must happen next. Throws NotFoundError (`task_not_found`).
 */
export function explain(input: ExplainInput, path?: TaskPath): Explanation {
  const situation = createSituation(input);
  const found = path === undefined ? explainExecution(situation) : explainTask(situation, path);
  const goesOn = input.isAttended || isTerminal(input.execution.status) || !found.next;
  const { chain, next } = goesOn ? found : unattended(input, found);
  const first = chain[0]?.sentence ?? '';
  if (!next) return { sentence: first, chain };
  const command = next.command === undefined ? '' : `: ${quoted(next.command)}`;
  return { sentence: `${first.slice(0, -1)}; next, ${next.what}${command}.`, chain, next };
}

function explainTask(situation: Situation, path: TaskPath): Findings {
  requirePlace(situation, path);
  const record = situation.find(path);
  return hasSettled(record) ? explainUndo(situation, record) : explainWaiting(situation, path);
}

/** Whatever would come next, first somebody has to run the execution. */
function unattended({ execution: { id } }: ExplainInput, { chain }: Findings): Findings {
  const clause = `No process runs execution ${quoted(id)}: the one that did has ended`;
  return {
    chain: [...chain, link('', 'unattended', clause)],
    next: { what: 'somebody must take the execution up again', who: 'person', command: `skein resume ${id}` },
  };
}
