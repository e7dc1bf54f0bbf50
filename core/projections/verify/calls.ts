import { collectCalls, type CallCounts } from '../../execution/index.ts';
import type { ForEach } from '../../plan/index.ts';
import { checkEnding, settledRecords, type Judge } from './judge.ts';
import { mostAtOnce, type Span } from './overlap.ts';
import { indexOf } from './places.ts';
import type { Opening, TaskLife } from './task-life.ts';

interface OpenForEach {
  readonly life: TaskLife;
  readonly opening: Opening;
}

/** As many calls as the items make, no more of them at once than planned, and failed exactly when more failed than tolerated. */
export function checkCalls(judge: Judge, forEach: ForEach, { life, opening }: OpenForEach): void {
  const { path } = life;
  const { report } = judge;
  const { items = 0, calls = 0 } = opening.data;
  const started = judge.items.get(path) ?? [];
  const expected = Math.ceil(items / (forEach.batch ?? 1));
  if (calls !== expected) report('calls_miscounted', path, `It opened with ${calls} calls for ${items} items.`);
  if (items > forEach.maxItems) {
    report('too_many_calls', path, `It opened with ${items} items; max_items is ${forEach.maxItems}.`);
  }
  const last = started.at(-1);
  if (last && indexOf(last.path) >= calls) report('too_many_calls', path, `It made ${last.path} of ${calls} calls.`);
  const most = mostAtOnce(started.flatMap(unsettledSpans));
  if (most > forEach.maxConcurrency) {
    report('calls_at_once', path, `It had ${most} calls at once; max_concurrency is ${forEach.maxConcurrency}.`);
  }
  const paths = started.map((call) => call.path);
  const counts = countCalls(forEach, opening, started);
  checkEnding(judge, life, paths, () => collectCalls(forEach, counts, settledRecords(judge, paths)).status);
}

/** From its first event, which follows the settlement that let it start, to its own. */
function unsettledSpans({ events, settled }: TaskLife): readonly Span[] {
  const [first] = events;
  return first && settled ? [{ from: first.time, to: settled.event.time }] : [];
}

function countCalls({ batch = 1 }: ForEach, { data: { items = 0, calls = 0 } }: Opening, started: readonly TaskLife[]) {
  const itemsOf = (call: TaskLife): number => Math.min(batch, items - indexOf(call.path) * batch);
  const failed = started
    .filter(({ settled }) => settled?.status === 'failed')
    .reduce((sum, it) => sum + itemsOf(it), 0);
  const settled = started.filter((call) => call.settled).length;
  const counts: CallCounts = { items: { inline: [] }, count: items, calls, started: started.length, settled, failed };
  return counts;
}
