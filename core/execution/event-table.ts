import type { EventBody, EventType } from './event.ts';

type DataOf<Type extends EventType> = Extract<EventBody, { readonly type: Type }>['data'];

/** What a member of the data holds, with `? ` before it when the member may be absent. */
type Told<Data, Member extends keyof Data> = object extends Pick<Data, Member> ? `? ${string}` : string;

interface EventRow<Type extends EventType> {
  /** What has happened, one sentence. */
  readonly meaning: string;
  readonly data: { readonly [Member in keyof DataOf<Type>]-?: Told<DataOf<Type>, Member> };
}

const usage = '? What its agent says that the attempt has used: `microUsd` (millionths of a dollar), `tokens`.';

const budgetUse = {
  of: 'The execution whose budget it is: this one, or one around it.',
  budget: 'Which part of it: `usd`, `tokens`, `calls`, `wall_time` (in seconds) or `depth`.',
  limit: 'What is allowed.',
  used: 'What is used.',
  needs: '? What a call of this task may use at most, where there is no room for it.',
} as const;

/** What is told about events in words. docs/reference/events.md is generated from here. */
export const eventTable = {
  'workflow.execution_started': {
    meaning: 'An execution was accepted: the first event of every execution.',
    data: {
      workflow: 'Name of the workflow.',
      version: 'Its version; a draft has the digest after a `+`.',
      input: 'The input, with the defaults of its schema filled in.',
      parent: '? Of a child execution: execution and path of the task that started it.',
    },
  },
  'workflow.status_changed': {
    meaning: 'The execution went from one status to another, except to its last one.',
    data: {
      from: 'The status before.',
      to: 'The status after.',
      reason: '? Why it is stopping: `failure`, `cancel`, `timeout` or `engine_error`.',
      task: '? The task whose failure stops it.',
      by: '? Who has paused it, or had it go on; of a child the execution that it shares the pause with.',
      why: '? Of a pause, what its author says.',
      queue:
        '? Of one that is queued: the `limit` that keeps it (`max_executions` or `key`) and its `size`, of a key its `value`, the `position` in the queue, and `holders`, executions that it waits for.',
    },
  },
  'workflow.checkpoint_created': {
    meaning:
      'A checkpoint was made, and this is how far the execution had come: it is paused, or a task with `checkpoint_after` has succeeded.',
    data: {
      checkpoint: 'Its id, `chk_…`.',
      by: '? Who has paused the execution.',
      task: '? The checkpoint that was planned after a task, `<task>.checkpoint`.',
      snapshot:
        'Every task that had settled: `{tasks: [{path, status, output}]}`, an output as a value or a reference.',
      settled: 'How many these are.',
      recovery: 'How to go on: a text, a command, and where there is a server a URL that takes a POST.',
    },
  },
  'workflow.execution_completed': {
    meaning: 'The execution has ended: the last event of every execution.',
    data: {
      status: '`succeeded`, `failed`, `cancelled`, `timed_out`, `compensated` or `compensation_failed`.',
      output: '? What it answers, when it succeeded.',
      error: '? Name and message of what it failed with.',
    },
  },
  'task.assigned': {
    meaning: 'An attempt was decided on and written down; the agent is called next.',
    data: {
      attempt: 'Its number, from 1.',
      agent: 'The agent, by its name in the workflow.',
      reserved: '? What a budget reserves for it: `microUsd` (millionths of a dollar) and `tokens`.',
    },
  },
  'task.started': {
    meaning: "The agent's runtime has taken the call, or the child execution of the task was started.",
    data: { attempt: 'Its number; 0 for a child execution.', child: '? The id of the child execution.' },
  },
  'task.opened': {
    meaning: 'A group, a loop or a `for_each` lets its members run; a loop does so once for each iteration.',
    data: {
      round: '? The iteration of a loop, from 0.',
      items: '? How many items a `for_each` has.',
      calls: '? How many calls they become: fewer than items where calls get batches.',
    },
  },
  'task.parked': {
    meaning: 'The task waits.',
    data: {
      cause:
        'For what: `dependency`, `concurrency`, `same_call`, `breaker`, `pool`, `rate`, `budget`, `retry`, `schedule`, `event`, `approval` or `pause`, with its details.',
    },
  },
  'task.retried': {
    meaning: 'An attempt failed, and another one follows.',
    data: { attempt: 'The number of the attempt that failed.', error: 'Name and message of its error.', usage },
  },
  'task.intervened': {
    meaning: 'Somebody has acted on the task by hand; what came of it follows.',
    data: {
      action: '`retry`, `skip`, `fail` or `complete`.',
      by: 'Who has done it.',
      why: "? Why, in that person's words.",
      request: 'The id of the request; the same one acts once.',
    },
  },
  'approval.requested': {
    meaning: 'A person is asked: the attempt of an agent of `runtime: human`, or a checkpoint, waits for a decision.',
    data: {
      approval: 'The id to decide it by, `apr_…`.',
      attempt: '? The number of the attempt; absent: a checkpoint asks.',
      deadline: 'Until when, in milliseconds since 1970.',
      roles: '? Who may decide.',
      assignees: '? Who may decide, by name.',
    },
  },
  'approval.decided': {
    meaning: 'A person has decided, or the deadline has; the task settles with it.',
    data: {
      approval: 'Its id.',
      attempt: '? The number of the attempt; absent: a checkpoint has asked.',
      verdict: '`approved` or `rejected`.',
      by: '? Who has decided; absent: nobody had by the deadline.',
      reason: "? Why it was rejected, in that person's words.",
    },
  },
  'task.completed': {
    meaning: 'The task succeeded.',
    data: {
      attempts: 'How many attempts it took; 0 for a task without an agent, and for an answer from the cache.',
      output: 'What it answered.',
      cached:
        '? Of an answer from the cache: `{execution, task, at}`, who made the call, and when it was answered, in milliseconds since 1970.',
      usage,
    },
  },
  'task.failed': {
    meaning: 'The task failed for good.',
    data: { attempts: 'How many attempts were made.', error: 'Name and message of its last error.', usage },
  },
  'breaker.opened': {
    meaning:
      'The breaker of an agent type opened with what this task has reported or noticed: no task calls the agent for a while.',
    data: {
      agent: 'The agent type.',
      epoch: 'The number of the epoch that begins; each change of a breaker begins one.',
      until: 'No call before this time, in milliseconds since 1970.',
      error: 'The name of the last error.',
    },
  },
  'breaker.half_opened': {
    meaning: 'The time is over: this task and a few others try whether the agent is well again.',
    data: { agent: 'The agent type.', epoch: 'The number of the epoch that begins.' },
  },
  'breaker.closed': {
    meaning: 'The agent is well again: it is called as before.',
    data: { agent: 'The agent type.', epoch: 'The number of the epoch that begins.' },
  },
  'budget.warned': {
    meaning: 'With a call of this task, four fifths of a budget are used.',
    data: budgetUse,
  },
  'budget.exceeded': {
    meaning: 'A budget is used up: this task fails with `BudgetExceeded`, and its agent is not called.',
    data: budgetUse,
  },
  'budget.asked': {
    meaning: 'A budget leaves no room for a call of this task, and people are asked whether they raise it.',
    data: { ...budgetUse, approval: 'The id to decide it by, `apr_…`.' },
  },
  'budget.decided': {
    meaning: 'Somebody has answered whether a budget is raised; an event of the execution whose budget it is.',
    data: {
      approval: 'Its id.',
      budget: 'Which part of it: `usd`, `tokens` or `calls`.',
      verdict: '`raised` or `refused`.',
      by: 'Who has decided.',
      limit: 'What is allowed from now on.',
      raise: '? By how much that is more.',
      reason: "? Why it is not raised, in that person's words.",
    },
  },
  'pool.saturated': {
    meaning: 'All slots of a pool are held, and this task is the first one that waits for one of them.',
    data: { pool: 'The pool: its name, or `workflow.agent` of a pool of its own.', capacity: 'How many slots it has.' },
  },
  'pool.recovered': {
    meaning: 'This task gave back a slot of a pool, and nobody waits for one any more.',
    data: { pool: 'The pool.' },
  },
  'task.skipped': {
    meaning: 'The task does not run.',
    data: {
      status: '`skipped`: nothing is wrong; `upstream_failed`: it can no longer run.',
      why: 'The reason, one sentence.',
    },
  },
  'task.compensating': {
    meaning:
      'The saga begins to undo what the task has done: its compensation is called next, at `<path>~compensation`.',
    data: { agent: 'The agent that undoes it.', by: '? The operator who has it tried again.' },
  },
  'task.compensated': {
    meaning: 'What the task has done is undone.',
    data: { by: '? The operator who says so.', reason: "? In that person's words." },
  },
  'task.compensation_failed': {
    meaning: 'The compensation of the task failed for good: its effect stays until an operator acts.',
    data: { attempts: 'How many attempts were made.', error: 'Name and message of the last error.' },
  },
  'task.compensation_skipped': {
    meaning: 'An operator has decided that the effect of the task stays.',
    data: { by: 'Who.', reason: "Why, in that person's words." },
  },
  'task.cancelled': {
    meaning: 'The execution stopped before the task had settled by itself.',
    data: {
      status: '`cancelled`: it did not run; `unknown`: it ran, and never answered in time.',
      attempts: 'How many attempts were made.',
    },
  },
} as const satisfies { readonly [Type in EventType]: EventRow<Type> };
