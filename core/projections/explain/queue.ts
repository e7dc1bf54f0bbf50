import { link, type Findings } from './explanation.ts';
import type { Situation } from './situation.ts';
import { moment, nameList, quoted } from './wording.ts';

/** Whom an execution waits for that is not let in yet. */
export function explainQueue({ execution, queue, now }: Situation, subject: string): Findings {
  const queued = execution.turn?.queued;
  if (!queued) return { chain: [link('', 'queued', `${subject} is queued`)] };
  const { limit, size, value = '', at } = queued;
  const { position, holders } = queue ?? queued;
  const held = holders.length === 0 ? '' : `: ${nameList(holders)}`;
  const what =
    limit === 'key'
      ? `another one with the key ${quoted(value)} goes on${held}`
      : `${quoted('max_executions')} allows ${size} at once${held}`;
  const place = position === 1 ? 'the next one' : `number ${position} in the queue`;
  const [first] = holders;
  return {
    chain: [link('', 'queued', `${subject} waits for its turn since ${moment(at, now)}, as ${place}: ${what}`)],
    next:
      first === undefined
        ? { what: 'the engine lets it in', who: 'engine' }
        : { what: 'one of these must end', who: 'engine', command: `skein explain ${first}` },
  };
}
