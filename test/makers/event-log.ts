import type { EventBody, ExecutionStatus, SkeinEvent } from '../../core/execution/index.ts';
import { checkpointId, executionId, taskPath } from '../../core/ids/index.ts';

/** Midnight of 21 November 2026, UTC. */
export const midnight = Date.UTC(2026, 10, 21);

/** Writes events as the engine would: gap-free numbers, clocks above everything that a fact depended on. */
export interface EventLog {
  readonly events: SkeinEvent[];
  /** `after` names the paths whose latest event this fact depended on. One second passes with each event. */
  add(path: string, body: EventBody, after?: readonly string[]): EventLog;
}

export function openEventLog(execution = 'exec_1'): EventLog {
  const last = new Map<string, SkeinEvent>();
  const log: EventLog = {
    events: [],
    add(path, body, after = []) {
      const lamport = Math.max(0, ...[path, ...after].map((name) => last.get(name)?.lamport ?? 0)) + 1;
      const event: SkeinEvent = {
        execution: executionId(execution),
        path: path === '' ? '' : taskPath(path),
        n: (last.get(path)?.n ?? 0) + 1,
        lamport,
        time: midnight + log.events.length * 1000,
        ...body,
      };
      last.set(path, event);
      log.events.push(event);
      return log;
    },
  };
  return log;
}

export const started: EventBody = {
  type: 'workflow.execution_started',
  data: { workflow: 'review', version: '1', input: { inline: {} } },
};

export const assigned = (attempt = 1): EventBody => ({ type: 'task.assigned', data: { attempt, agent: 'linter' } });
export const accepted = (attempt = 1): EventBody => ({ type: 'task.started', data: { attempt } });

export const statusChanged = (from: ExecutionStatus, to: ExecutionStatus): EventBody => ({
  type: 'workflow.status_changed',
  data: { from, to, by: 'ann' },
});

export const checkpointed: EventBody = {
  type: 'workflow.checkpoint_created',
  data: {
    checkpoint: checkpointId('chk_1'),
    by: 'ann',
    snapshot: { inline: { tasks: [] } },
    settled: 0,
    recovery: { text: 'Resume it.', command: 'skein resume exec_1' },
  },
};

export const parkedForPause: EventBody = {
  type: 'task.parked',
  data: { cause: { kind: 'pause', by: 'ann', at: midnight } },
};

/** A group without arguments, a loop with its round, a `for_each` with the number of its items and of its calls. */
export const opened = (data: Extract<EventBody, { type: 'task.opened' }>['data'] = {}): EventBody => ({
  type: 'task.opened',
  data,
});

export const childStarted = (child = 'exec_2'): EventBody => ({
  type: 'task.started',
  data: { attempt: 0, child: executionId(child) },
});

export const completed = (attempts = 1, output = 'done'): EventBody => ({
  type: 'task.completed',
  data: { attempts, output: { inline: output } },
});

export const failed = (attempts = 1, name = 'ToolBroken'): EventBody => ({
  type: 'task.failed',
  data: { attempts, error: { name, message: 'no such file' } },
});

export const retried = (attempt = 1): EventBody => ({
  type: 'task.retried',
  data: { attempt, error: { name: 'AgentThrottled', message: 'slow down' } },
});

export const parkedForRetry = (attempt = 2): EventBody => ({
  type: 'task.parked',
  data: { cause: { kind: 'retry', attempt, at: midnight + 60_000, error: 'AgentThrottled' } },
});

export const parkedFor = (...tasks: string[]): EventBody => ({
  type: 'task.parked',
  data: { cause: { kind: 'dependency', tasks: tasks.map(taskPath) } },
});

export const parkedUntil = (at: number): EventBody => ({
  type: 'task.parked',
  data: { cause: { kind: 'schedule', at } },
});

export const parkedForEvent = (event: string, until?: number): EventBody => ({
  type: 'task.parked',
  data: { cause: { kind: 'event', event, ...(until !== undefined && { until }) } },
});

export const skipped = (status: 'skipped' | 'upstream_failed', why = 'its condition is false'): EventBody => ({
  type: 'task.skipped',
  data: { status, why },
});

export const cancelled = (status: 'cancelled' | 'unknown', attempts: number): EventBody => ({
  type: 'task.cancelled',
  data: { status, attempts },
});

export const begun: EventBody = { type: 'workflow.status_changed', data: { from: 'planning', to: 'running' } };

export const stopping = (task: string): EventBody => ({
  type: 'workflow.status_changed',
  data: { from: 'running', to: 'stopping', reason: 'failure', task: taskPath(task) },
});

export const ended = (status: 'succeeded' | 'failed' | 'cancelled' | 'timed_out' = 'succeeded'): EventBody => ({
  type: 'workflow.execution_completed',
  data: { status, ...(status === 'succeeded' && { output: { inline: { b: 'done' } } }) },
});
