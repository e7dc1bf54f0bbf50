import { assertNever } from '../../core/errors/index.ts';
import type { SkeinEvent } from '../../core/execution/index.ts';
import { budgetAmount } from '../../core/resilience/index.ts';
import { causeText } from './cause-text.ts';
import { alignColumns, cell, type Cell } from './columns.ts';
import { counted, elapsed } from './numbers.ts';
import { oneLine } from './one-line.ts';
import { executionMeanings, taskMarks } from './status-marks.ts';
import type { Meaning, Style } from './style.ts';
import { cachedText } from './task-detail.ts';

interface Told {
  readonly text: string;
  readonly meaning: Meaning;
}

/** Seconds since the execution began: the same history prints the same lines, wherever it is read. */
function offset(milliseconds: number): string {
  return `+${(milliseconds / 1_000).toFixed(3)} s`.padStart(11);
}

/** One event on one line, for output that is no terminal. `around` stands before who it is about. */
export function renderEventLine(event: SkeinEvent, startedAt: number, style: Style, around = ''): string {
  const { text, meaning } = tell(event);
  const subject = around + (event.path === '' ? event.execution : event.path);
  return `${style('quiet', offset(event.time - startedAt))}  ${subject}  ${style(meaning, oneLine(text))}`;
}

interface Said {
  readonly path: string;
  readonly text: string;
}

/** What an agent said, on one line; `since` is milliseconds from the execution's start, absent when told afterwards. */
export function renderLogLine({ path, text }: Said, since: number | undefined, style: Style): string {
  const time = since === undefined ? '' : `${style('quiet', offset(since))}  `;
  return `${time}${path}  ${style('quiet', `says: ${oneLine(text)}`)}`;
}

/** A history as a table, in the order of its events. */
export function renderEvents(events: readonly SkeinEvent[], style: Style): string[] {
  const startedAt = events[0]?.time ?? 0;
  const titles = ['time', 'clock', 'n', 'event', 'task', 'what happened'];
  const rows = events.map((event): Cell[] => {
    const { text, meaning } = tell(event);
    return [
      cell(offset(event.time - startedAt)),
      cell(String(event.lamport).padStart(5)),
      cell(String(event.n).padStart(2)),
      cell(event.type),
      cell(event.path),
      cell(oneLine(text), style(meaning, oneLine(text))),
    ];
  });
  return alignColumns([titles.map((title) => cell(title, style('quiet', title))), ...rows]);
}

function tell(event: SkeinEvent): Told {
  switch (event.type) {
    case 'workflow.execution_started':
      return { text: startText(event.data), meaning: 'heading' };
    case 'workflow.status_changed':
      return { text: changeText(event.data), meaning: executionMeanings[event.data.to] };
    case 'workflow.checkpoint_created': {
      const { checkpoint, settled, recovery } = event.data;
      const text = `checkpoint ${checkpoint} with ${counted(settled, 'settled task')}; ${recovery.command} goes on`;
      return { text, meaning: 'quiet' };
    }
    case 'workflow.execution_completed': {
      const { status, error } = event.data;
      return {
        text: error ? `${status}: ${error.name}: ${error.message}` : status,
        meaning: executionMeanings[status],
      };
    }
    case 'task.assigned':
      return { text: `attempt ${event.data.attempt} goes to ${event.data.agent}`, meaning: 'quiet' };
    case 'task.started': {
      const { attempt, child } = event.data;
      return {
        text: child === undefined ? `attempt ${attempt} runs` : `child ${child} runs`,
        meaning: taskMarks.running.meaning,
      };
    }
    case 'task.opened':
      return { text: openingText(event), meaning: taskMarks.running.meaning };
    case 'task.parked':
      return { text: causeText(event.data.cause, event.time), meaning: 'quiet' };
    case 'task.retried':
      return {
        text: `attempt ${event.data.attempt} failed with ${event.data.error.name}: ${event.data.error.message}`,
        meaning: 'warning',
      };
    case 'task.intervened':
      return tellIntervention(event);
    case 'approval.requested':
      return { text: askText(event.data), meaning: 'warning' };
    case 'approval.decided': {
      const { verdict, by = 'the deadline', reason } = event.data;
      const meaning = verdict === 'approved' ? 'good' : 'bad';
      return { text: `${verdict} by ${by}${reason === undefined ? '' : `: ${reason}`}`, meaning };
    }
    case 'breaker.opened':
    case 'breaker.half_opened':
    case 'breaker.closed':
      return tellBreaker(event);
    case 'pool.saturated': {
      const { pool, capacity } = event.data;
      return { text: `pool ${pool} is full: all its slots (${capacity}) are held`, meaning: 'warning' };
    }
    case 'pool.recovered':
      return { text: `pool ${event.data.pool} has a free slot again`, meaning: 'good' };
    default:
      return tellNews(event);
  }
}

function tellIntervention({ data: { action, by, why } }: Extract<SkeinEvent, { type: 'task.intervened' }>): Told {
  return { text: `${action} by ${by}${why === undefined ? '' : `: ${why}`}`, meaning: 'warning' };
}

type BreakerChange = Extract<SkeinEvent, { type: `breaker.${string}` }>;

function tellBreaker(event: BreakerChange): Told {
  const breaker = `breaker of ${event.data.agent}`;
  switch (event.type) {
    case 'breaker.opened': {
      const { until, error } = event.data;
      return { text: `${breaker} opens for ${elapsed(until - event.time)} after ${error}`, meaning: 'bad' };
    }
    case 'breaker.half_opened':
      return { text: `${breaker} is half-open: this call tries it`, meaning: 'warning' };
    case 'breaker.closed':
      return { text: `${breaker} is closed again`, meaning: 'good' };
  }
}

type BudgetNews = Extract<SkeinEvent, { type: `budget.${string}` }>;

function isBudgetNews(event: SkeinEvent): event is BudgetNews {
  return event.type.startsWith('budget.');
}

function tellBudget(event: BudgetNews): Told {
  if (event.type === 'budget.decided')
    return { text: answerText(event.data), meaning: answerMeanings[event.data.verdict] };
  const { type, execution, data } = event;
  const { of, budget, used, limit } = data;
  const whose = of === execution ? '' : ` of ${of}`;
  const usedUp = `the budget \`${budget}: ${limit}\`${whose} is used up`;
  if (type === 'budget.exceeded') return { text: usedUp, meaning: 'bad' };
  if (type === 'budget.asked') return { text: `${usedUp}: may it be raised? ${data.approval}`, meaning: 'warning' };
  const share =
    budget === 'usd'
      ? `${budgetAmount(budget, used)} of ${budgetAmount(budget, limit)}`
      : `${used} of ${limit} ${budget}`;
  return { text: `${share} of the budget${whose} are used`, meaning: 'warning' };
}

const answerMeanings = { raised: 'good', refused: 'bad' } as const;

function answerText({
  budget,
  verdict,
  by,
  limit,
  reason,
}: Extract<BudgetNews, { type: 'budget.decided' }>['data']): string {
  const what = verdict === 'raised' ? `raised to ${budgetAmount(budget, limit)}` : 'not raised';
  return `the budget is ${what} by ${by}${reason === undefined ? '' : `: ${reason}`}`;
}

function tellNews(event: BudgetNews | Undoing | Settlement): Told {
  if (isBudgetNews(event)) return tellBudget(event);
  return isUndoing(event) ? tellUndoing(event) : tellSettlement(event);
}

type Undoing = Extract<SkeinEvent, { type: `task.compensat${string}` }>;

function isUndoing(event: SkeinEvent): event is Undoing {
  return event.type.startsWith('task.compensat');
}

function tellUndoing(event: Undoing): Told {
  switch (event.type) {
    case 'task.compensating': {
      const { agent, by } = event.data;
      return { text: `is undone by ${agent}${by === undefined ? '' : `, as ${by} asks`}`, meaning: 'warning' };
    }
    case 'task.compensated': {
      const { by, reason } = event.data;
      return { text: by === undefined ? 'undone' : `undone by hand, says ${by}: ${reason ?? ''}`, meaning: 'good' };
    }
    case 'task.compensation_failed': {
      const { name, message } = event.data.error;
      return { text: `not undone: ${name}: ${message}`, meaning: 'bad' };
    }
    case 'task.compensation_skipped':
      return { text: `stays as it is, says ${event.data.by}: ${event.data.reason}`, meaning: 'warning' };
  }
}

type Asked = Extract<SkeinEvent, { type: 'approval.requested' }>['data'];

function askText({ approval, roles = [], assignees = [] }: Asked): string {
  const who = [...assignees, ...roles].join(', ');
  return `waits for ${who === '' ? 'a person' : who}: skein approve ${approval}`;
}

type StatusChanged = Extract<SkeinEvent, { type: 'workflow.status_changed' }>['data'];

function changeText({ from, to, reason, task, by, why }: StatusChanged): string {
  const parts = [reason, task && `of ${task}`, by && `by ${by}`, why && `: ${why}`];
  const told = parts
    .filter((part) => part !== undefined)
    .join(' ')
    .replace(' :', ':');
  return `${from} → ${to}${told === '' ? '' : ` (${told})`}`;
}

type Started = Extract<SkeinEvent, { type: 'workflow.execution_started' }>['data'];

function startText({ workflow, version, parent }: Started): string {
  return `${workflow} ${version} started${parent ? ` by ${parent.execution}/${parent.path}` : ''}`;
}

/** What a container lets begin. */
function openingText({ path, data: { round, items, calls } }: Extract<SkeinEvent, { type: 'task.opened' }>): string {
  if (round !== undefined) return `opens iteration ${path}[${round}]`;
  if (items === undefined) return 'opens';
  return `opens: ${counted(items, 'item')}${calls === undefined || calls === items ? '' : ` in ${counted(calls, 'call')}`}`;
}

type Settlement = Extract<SkeinEvent, { type: 'task.completed' | 'task.failed' | 'task.skipped' | 'task.cancelled' }>;

function tellSettlement(event: Settlement): Told {
  switch (event.type) {
    case 'task.completed': {
      const { cached } = event.data;
      const text = cached ? `succeeded, ${cachedText(cached, event.time)}` : 'succeeded';
      return { text, meaning: taskMarks.succeeded.meaning };
    }
    case 'task.failed':
      return {
        text: `failed: ${event.data.error.name}: ${event.data.error.message}`,
        meaning: taskMarks.failed.meaning,
      };
    case 'task.skipped':
      return { text: `${event.data.status}: ${event.data.why}`, meaning: taskMarks[event.data.status].meaning };
    case 'task.cancelled':
      return { text: event.data.status, meaning: taskMarks[event.data.status].meaning };
    default:
      return assertNever(event, 'an event that settles a task');
  }
}
