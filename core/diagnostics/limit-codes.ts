import type { CodeRow } from './code-row.ts';

/** CAP3xx and ASL4xx: capacity, and the limits of Step Functions. */
export const limitCodes = {
  CAP301: {
    severity: 'advice',
    title: 'More at once than there is room for',
    fix: 'Lower the one or raise the other: the rest waits its turn, in no harm but without use.',
  },
  CAP302: {
    severity: 'warning',
    title: 'A fan-out that overflows the queue of its pool',
    fix: 'Raise `max_queue` or the capacity, or limit the calls at once: what finds no place in the queue fails with `PoolQueueFull`.',
  },
  CAP303: {
    severity: 'warning',
    title: 'Tasks that wait for events which come only after them',
    fix: 'Emit the event before it is waited for. An event that also comes from outside is named under `coordination.event_driven`.',
  },
  CAP304: {
    severity: 'warning',
    title: 'A child that waits for the place of its parent',
    fix: 'Raise `max_executions`, or give the inner workflow another name: all versions of a workflow share its places.',
  },
  ASL401: {
    severity: 'error',
    title: 'A fan-out is wider than a machine can hold',
    fix: 'A static fan-out has at most 40 instances: each is a state of the machine. For more items use `for_each`.',
  },
  ASL402: {
    severity: 'error',
    title: 'The machine is too large for Step Functions',
    fix: 'Split the workflow: a child workflow is a machine of its own. Shorter task ids help a little.',
  },
  ASL403: {
    severity: 'error',
    title: "The machine's history is too long for Step Functions",
    fix: 'Split the workflow: a child workflow has a history of its own. `for_each` costs six events for any number of items.',
  },
} as const satisfies Record<string, CodeRow>;
