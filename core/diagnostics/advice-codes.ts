import type { CodeRow } from './code-row.ts';

/** LINT9xx: advice. */
export const adviceCodes = {
  LINT901: {
    severity: 'advice',
    title: 'Nobody owns the workflow',
    fix: 'Write `owner: { agent: …, contact: … }`, so that somebody can be asked when it fails at night.',
  },
  LINT902: {
    severity: 'advice',
    title: 'No timeout',
    fix: 'Say how long it may take. The defaults are a day for the workflow and 300 seconds for a task.',
  },
  LINT903: {
    severity: 'advice',
    title: 'A retry may repeat a side effect',
    fix: 'Write `idempotent: true` when a second call with the same key does no harm, else `retry_policy: none`.',
  },
  LINT904: {
    severity: 'advice',
    title: 'This looks like a secret',
    fix: 'Whoever may read the definition or an event can read it. Name it under `secrets` and let the agent resolve it.',
  },
  LINT905: {
    severity: 'advice',
    title: 'An edge that can never be taken',
    fix: 'Under `on_failure: fail_fast` and `drain` a failure stops the execution. Give the producer `continue_on_failure: true`, or the workflow `on_failure: continue`.',
  },
  LINT921: {
    severity: 'warning',
    title: 'The workflow would time out even when all goes well',
    fix: 'Lengthen the timeout of the workflow, or shorten the critical path: run more of it at once, or do less.',
  },
  LINT922: {
    severity: 'advice',
    title: 'The budget does not reach for the worst case',
    fix: 'Raise the budget, or lower what makes the worst case: attempts, iterations, `max_items`. Or leave it so, and know that a bad execution can end there.',
  },
  LINT906: {
    severity: 'advice',
    title: 'A cached answer of a task with side effects',
    fix: 'Write `effect: none` when the task only answers, else remove the `cache`: a hit does not do the work again.',
  },
  LINT907: {
    severity: 'advice',
    title: 'A loop that may not have the time for all its iterations',
    fix: 'Lower `max_iterations` or the timeouts inside, or lengthen that of the workflow.',
  },
  LINT908: {
    severity: 'advice',
    title: 'An expression reads what a schema does not speak of',
    fix: 'Correct the member, or add it to the `properties`.',
  },
  LINT909: {
    severity: 'advice',
    title: 'The iteration before the first one is read',
    fix: '`loop.previous` is null in the first iteration: ask for `loop.index`, or read it with `.?`.',
  },
  LINT910: {
    severity: 'advice',
    title: 'A heartbeat that comes too late',
    fix: 'Make `heartbeat` shorter than the timeout: else the timeout always comes first.',
  },
  LINT911: {
    severity: 'advice',
    title: 'A bound that bounds nothing',
    fix: 'Write the number that you mean: limits, budget and capacity are proven with it.',
  },
} as const satisfies Record<string, CodeRow>;
