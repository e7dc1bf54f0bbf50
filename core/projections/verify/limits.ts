import { groupLimit, MAX_PARALLEL, regionsAround, type PlanIndex } from '../../execution/index.ts';
import { parseRegion, regionOf, type TaskPath } from '../../ids/index.ts';
import { mostAtOnce, type Span } from './overlap.ts';
import type { Lives } from './places.ts';
import type { TaskLife } from './task-life.ts';
import type { Report } from './violation.ts';

interface Limit {
  readonly name: string;
  readonly size: number;
  /** The group's; '' for the workflow's own. */
  readonly path: TaskPath | '';
}

/**
 * No limit is ever exceeded. An attempt counts from the moment when its agent's runtime had taken it until its end: it holds its places
 * for longer, so what these spans show at once was at once. One without an end, as far as the history goes, is left for later. Times are
 * those of one machine's clock.
 */
export function checkLimits(index: PlanIndex, lives: Lives, report: Report): void {
  const used = new Map<string, { readonly limit: Limit; readonly spans: Span[] }>();
  for (const life of lives.values()) {
    const spans = attemptSpans(life);
    if (spans.length === 0) continue;
    for (const limit of limitsAround(index, life.path)) {
      const known = used.get(limit.name);
      if (known) known.spans.push(...spans);
      else used.set(limit.name, { limit, spans: [...spans] });
    }
  }
  for (const { limit, spans } of used.values()) {
    const most = mostAtOnce(spans);
    if (most > limit.size)
      report('limit_exceeded', limit.path, `${most} attempts ran at once; ${limit.name} is ${limit.size}.`);
  }
}

function limitsAround(index: PlanIndex, path: TaskPath): readonly Limit[] {
  const { maxParallel } = index.plan;
  const own: readonly Limit[] = maxParallel === undefined ? [] : [{ name: MAX_PARALLEL, size: maxParallel, path: '' }];
  const groups = regionsAround(regionOf(path)).flatMap((region): readonly Limit[] => {
    const container = parseRegion(region)?.container;
    const task = container === undefined ? undefined : index.taskAt(container);
    if (container === undefined || task?.kind !== 'group' || task.maxParallel === undefined) return [];
    return [{ name: groupLimit(container), size: task.maxParallel, path: container }];
  });
  return [...own, ...groups];
}

function attemptSpans({ events }: TaskLife): Span[] {
  const spans: Span[] = [];
  let from: number | undefined;
  for (const event of events) {
    if (event.type === 'task.started' && event.data.child === undefined) from ??= event.time;
    const isEnd = event.type !== 'task.started' && event.type !== 'task.assigned';
    if (!isEnd || from === undefined) continue;
    spans.push({ from, to: event.time });
    from = undefined;
  }
  return spans;
}
