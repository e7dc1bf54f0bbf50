import type {
  BusEvent,
  ControlRecord,
  ExecutionRecord,
  LimitRecord,
  ParkedEntry,
  SkeinEvent,
  TaskRecord,
  Watch,
} from '../../core/execution/index.ts';
import { executionId, taskPath } from '../../core/ids/index.ts';
import { midnight } from './event-log.ts';

export const anId = executionId('exec_1');

export const anExecution = (change: Partial<ExecutionRecord> = {}): ExecutionRecord => ({
  id: anId,
  revision: 1,
  tenant: 'default',
  workflow: 'review',
  version: '1',
  status: 'running',
  input: { inline: {} },
  startedAt: midnight,
  deadline: midnight + 3_600_000,
  lamport: 1,
  events: 1,
  ...change,
});

export const aTask = (change: Partial<TaskRecord> = {}): TaskRecord => ({
  execution: anId,
  path: taskPath('lint'),
  revision: 1,
  status: 'pending',
  attempts: 0,
  parking: 0,
  lamport: 1,
  events: 0,
  ...change,
});

export const aLimit = (change: Partial<LimitRecord> = {}): LimitRecord => ({
  execution: anId,
  limit: 'max_parallel',
  revision: 1,
  holders: [],
  ...change,
});

export const aControl = (change: Partial<ControlRecord> = {}): ControlRecord => ({
  key: 'breaker/linter',
  revision: 1,
  value: { failures: 1 },
  ...change,
});

type Place = Partial<Pick<SkeinEvent, 'execution' | 'path' | 'n' | 'lamport' | 'time'>>;

export const anEvent = (change: Place = {}): SkeinEvent => ({
  execution: anId,
  path: taskPath('lint'),
  n: 1,
  lamport: 1,
  time: midnight,
  type: 'task.started',
  data: { attempt: 1 },
  ...change,
});

export const aWatch = (change: Partial<Watch> = {}): Watch => ({
  execution: anId,
  producer: taskPath('lint'),
  consumer: taskPath('report'),
  ...change,
});

export const aParkedEntry = (change: Partial<ParkedEntry> = {}): ParkedEntry => ({
  key: 'limit#exec_1#max_parallel',
  execution: anId,
  path: taskPath('lint'),
  arrival: midnight,
  ...change,
});

export const aBusEvent = (change: Partial<BusEvent> = {}): BusEvent => ({
  id: 'event-1',
  type: 'build.finished',
  source: 'ci',
  time: midnight,
  data: { inline: {} },
  ...change,
});
