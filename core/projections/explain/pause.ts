import type { ExecutionRecord } from '../../execution/index.ts';
import { link, type Findings } from './explanation.ts';
import type { Situation } from './situation.ts';
import { moment, nameList, quoted } from './wording.ts';

/** Who has paused an execution, and who makes it go on; a child goes on with the parent whose pause it shares. */
export function explainPause({ execution, running, now }: Situation, subject: string, told = ''): Findings {
  const { paused, id } = execution;
  const since = paused ? ` by ${quoted(paused.by)} since ${moment(paused.at, now)}` : '';
  const why = paused?.why === undefined ? '' : `, because "${paused.why}"`;
  const rest = running.length > 0 ? `; what runs may finish: ${nameList(running.map((task) => task.path))}` : '';
  const clause = `${subject} is paused${since}${why}${rest}${told}`;
  const shared = sharesPause(execution) ? execution.paused?.by : undefined;
  const what = shared === undefined ? 'somebody must resume the execution' : 'somebody must resume its parent';
  return {
    chain: [link('', 'paused', clause)],
    next: { what, who: 'person', command: `skein resume ${shared ?? id}` },
  };
}

function sharesPause({ paused, parent }: ExecutionRecord): boolean {
  return parent !== undefined && paused?.by === parent.execution;
}
