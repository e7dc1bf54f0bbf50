import { isTerminal, type SkeinEvent } from '../../execution/index.ts';
import type { Turns } from '../../plan/index.ts';
import { mostAtOnce, type Span } from './overlap.ts';

/** One execution of a workflow, as far as turns go. */
export interface TurnHistory {
  /** Its own, at least, in their order. */
  readonly events: readonly SkeinEvent[];
  /** Digest of the value of its key. */
  readonly key?: string;
}

/**
 * What executions of one workflow did together against what it allows: no more at once than `max_executions`, and of each key's value one. An
 * execution counts from its turn, or its start where it was never queued, to its end; times are those of one machine's clock. Answers
 * sentences; none when all holds.
 */
export function verifyTurns({ maxExecutions, key }: Turns, histories: readonly TurnHistory[]): readonly string[] {
  const spans = histories.map(({ events, key: value }) => ({ value, span: spanOf(events) }));
  const broken: string[] = [];
  const most = mostAtOnce(spans.flatMap(({ span }) => span ?? []));
  if (maxExecutions !== undefined && most > maxExecutions)
    broken.push(`${most} executions went on at once; max_executions is ${maxExecutions}.`);
  if (key === undefined) return broken;
  for (const [value, same] of Map.groupBy(spans, (each) => each.value)) {
    const together = mostAtOnce(same.flatMap(({ span }) => span ?? []));
    if (together > 1) broken.push(`${together} executions of one key (${String(value)}) went on at once.`);
  }
  return broken;
}

/** Undefined: it has never had its turn. */
function spanOf(events: readonly SkeinEvent[]): Span | undefined {
  let from: number | undefined;
  let to = Infinity;
  for (const event of events) {
    if (event.type === 'workflow.execution_started') from = event.time;
    if (event.type === 'workflow.execution_completed') to = event.time;
    if (event.type !== 'workflow.status_changed') continue;
    if (event.data.to === 'queued') from = undefined;
    else if (event.data.from === 'queued' && !isTerminal(event.data.to)) from = event.time;
  }
  return from === undefined ? undefined : { from, to };
}
