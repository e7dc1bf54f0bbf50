import type { ListedPool, ListedPools, ListedRate } from '../remote/pools.ts';
import { alignColumns, cell, type Cell } from './columns.ts';
import { counted, elapsed, limitText } from './numbers.ts';
import type { Style } from './style.ts';

/** Pools as a table, those who have their slots below each; then rate limits. Whichever there are none of is left out. */
export function renderPools({ pools, rates }: ListedPools, now: number, style: Style): string[] {
  const poolLines = pools.length === 0 ? [] : alignColumns([titled(POOL_TITLES, style), ...pools.map(poolRow(style))]);
  const rateLines =
    rates.length === 0 ? [] : alignColumns([titled(RATE_TITLES, style), ...rates.map(rateRow(now, style))]);
  const held = pools.flatMap(heldRows(now));
  const slotLines = held.length === 0 ? [] : ['', ...alignColumns([titled(SLOT_TITLES, style), ...held])];
  return [...poolLines, ...slotLines, ...(poolLines.length > 0 && rateLines.length > 0 ? [''] : []), ...rateLines];
}

const POOL_TITLES = ['pool', 'held', 'waiting', 'first to wait', 'instances'];
const SLOT_TITLES = ['slot', 'of', 'for', 'execution', 'task'];
const RATE_TITLES = ['agent type', 'calls', 'free', 'waiting', 'first to wait', 'next call'];

function titled(titles: readonly string[], style: Style): Cell[] {
  return titles.map((title) => cell(title, style('quiet', title)));
}

function poolRow(style: Style): (pool: ListedPool) => Cell[] {
  return ({ pool, held, capacity, waiting, queue, max_queue: most, instances }) => {
    const share = `${held} of ${capacity}`;
    return [
      cell(pool),
      cell(share, style(held >= capacity ? 'warning' : 'good', share)),
      cell(most === undefined ? String(waiting) : `${waiting} of ${most}`),
      cell(firstOf(queue)),
      cell(instancesText(instances)),
    ];
  };
}

/** `3 idle, 1 draining (2)`: those that are drained by their numbers. */
function instancesText(instances: ListedPool['instances']): string {
  const statuses = ['busy', 'idle', 'draining', 'offline'] as const;
  const parts = statuses.flatMap((status) => {
    const all = instances.filter((instance) => instance.status === status);
    const isDrained = status === 'draining' || status === 'offline';
    const numbers = isDrained ? ` (${all.map(({ instance }) => instance).join(', ')})` : '';
    return all.length === 0 ? [] : [`${all.length} ${status}${numbers}`];
  });
  return parts.join(', ');
}

function heldRows(now: number): (pool: ListedPool) => Cell[][] {
  return ({ pool, slots }) =>
    slots.map(({ slot, instance, since, execution_id: execution, task }) => [
      cell(`${pool}/${slot}`),
      cell(`instance ${instance}`),
      cell(elapsed(now - since)),
      cell(execution),
      cell(task),
    ]);
}

function rateRow(now: number, style: Style): (rate: ListedRate) => Cell[] {
  return ({ agent, calls, per, free, waiting, queue, next_at: next }) => [
    cell(agent),
    cell(`${counted(calls, 'call')} in ${limitText(per)}`),
    cell(String(free), style(free === 0 ? 'warning' : 'good', String(free))),
    cell(String(waiting)),
    cell(firstOf(queue)),
    cell(next === undefined ? 'now' : `in ${elapsed(next - now)}`),
  ];
}

function firstOf([first]: ListedPool['queue']): string {
  return first ? `${first.execution_id}/${first.task}` : '';
}
