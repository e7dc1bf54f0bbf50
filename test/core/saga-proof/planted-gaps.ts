import type { GapKind } from '../../../core/saga-proof/index.ts';

/** A definition with one thing wrong, and what has to be found: which kind, of which task, at which place. */
export interface PlantedGap {
  readonly title: string;
  readonly saga?: object;
  readonly keys?: object;
  readonly tasks: readonly object[];
  readonly kind: GapKind;
  readonly task?: string;
  readonly place: string;
}

const undo = { compensate: { agent: 'shop' }, compensate_on_failure: true };
const call = { agent: 'shop' };
const sound = { ...call, ...undo };
const reads = (task: string): object => ({ agent: 'shop', input: { undo: `\${ tasks.${task}.output.id }` } });
const readOnly = { ...call, effect: 'none' };

export const plantedGaps: readonly PlantedGap[] = [
  {
    title: 'a write that nothing undoes',
    tasks: [
      { id: 'a', ...sound },
      { id: 'b', ...call, depends_on: ['a'] },
    ],
    kind: 'no_compensation',
    task: 'b',
    place: 'tasks.1.id',
  },
  {
    title: 'a write that only runs when another was skipped',
    tasks: [
      { id: 'a', ...sound, when: '${ input.go }' },
      { id: 'b', ...call, depends_on: [{ task: 'a', on: 'skipped' }] },
    ],
    kind: 'no_compensation',
    task: 'b',
    place: 'tasks.1.id',
  },
  {
    title: 'a write that mends a failure that is survived',
    tasks: [
      { id: 'a', ...readOnly, continue_on_failure: true },
      { id: 'b', ...call, depends_on: [{ task: 'a', on: 'failure' }] },
    ],
    kind: 'no_compensation',
    task: 'b',
    place: 'tasks.1.id',
  },
  {
    title: 'a write in a group',
    tasks: [
      {
        id: 'g',
        group: {
          tasks: [
            { id: 'a', ...sound },
            { id: 'b', ...call },
          ],
        },
      },
    ],
    kind: 'no_compensation',
    task: 'b',
    place: 'tasks.0.group.tasks.1.id',
  },
  {
    title: 'a write in a loop',
    tasks: [{ id: 'l', loop: { max_iterations: 3, tasks: [{ id: 'a', ...call }] } }],
    kind: 'no_compensation',
    task: 'a',
    place: 'tasks.0.loop.tasks.0.id',
  },
  {
    title: 'a list of writes',
    tasks: [{ id: 'a', ...call, for_each: { items: [1, 2] }, input: { n: '${ item }' } }],
    kind: 'no_compensation',
    task: 'a',
    place: 'tasks.0.id',
  },
  {
    title: 'an event that somebody may act on',
    tasks: [
      { id: 'a', ...sound },
      { id: 'tell', emit: { event: 'done' }, depends_on: ['a'] },
    ],
    kind: 'event',
    task: 'tell',
    place: 'tasks.1.emit',
  },
  {
    title: 'a child that nobody undoes',
    tasks: [
      { id: 'a', ...sound },
      { id: 'sub', workflow: { name: 'child' }, depends_on: ['a'] },
    ],
    kind: 'child',
    task: 'sub',
    place: 'tasks.1.workflow',
  },
  {
    title: 'a compensation that reads what an unknown task never answered',
    tasks: [{ id: 'a', ...call, compensate: reads('a'), compensate_on_failure: true }],
    kind: 'reads_own_output',
    task: 'a',
    place: 'tasks.0.compensate.input',
  },
  {
    title: 'a compensation that reads what a skipped task never answered',
    tasks: [
      { id: 'a', ...readOnly, when: '${ input.go }' },
      { id: 'b', ...call, compensate: reads('a'), compensate_on_failure: true, depends_on: ['a'] },
    ],
    kind: 'reads_absent',
    task: 'b',
    place: 'tasks.1.compensate.input',
  },
  {
    title: 'a compensation that reads the loser of a race',
    tasks: [
      { id: 'a', ...readOnly },
      { id: 'b', ...readOnly },
      {
        id: 'c',
        ...call,
        compensate: reads('a'),
        compensate_on_failure: true,
        depends_on: ['a', 'b'],
        join: 'any_success',
      },
    ],
    kind: 'reads_absent',
    task: 'c',
    place: 'tasks.2.compensate.input',
  },
  {
    title: 'a failure that may have done its work',
    tasks: [{ id: 'a', ...call, compensate: { agent: 'shop' } }],
    kind: 'failure_not_undone',
    task: 'a',
    place: 'tasks.0.compensate',
  },
  {
    title: 'a failure that nobody asks about',
    tasks: [{ id: 'a', ...sound, continue_on_failure: true }],
    kind: 'failure_tolerated',
    task: 'a',
    place: 'tasks.0.id',
  },
  {
    title: 'failed items of a list that succeeds',
    tasks: [{ id: 'a', ...sound, for_each: { items: [1, 2, 3], tolerate_failures: 1 } }],
    kind: 'failure_tolerated',
    task: 'a',
    place: 'tasks.0.id',
  },
  {
    title: 'a pivot of which nobody knows whether it was done',
    tasks: [
      { id: 'a', ...sound },
      { id: 'p', ...call, pivot: true, depends_on: ['a'] },
    ],
    kind: 'no_compensation',
    task: 'p',
    place: 'tasks.1.pivot',
  },
  {
    title: 'a write after a pivot that may be skipped',
    tasks: [
      { id: 'p', ...sound, pivot: true, when: '${ input.go }' },
      { id: 'b', ...call, depends_on: ['p'] },
    ],
    kind: 'no_compensation',
    task: 'b',
    place: 'tasks.1.id',
  },
  {
    title: 'a task after the pivot that is tried once',
    tasks: [
      { id: 'p', ...sound, pivot: true },
      { id: 'b', ...call, depends_on: ['p'], retry_policy: 'none' },
    ],
    kind: 'fails_after_pivot',
    task: 'b',
    place: 'tasks.1.id',
  },
  {
    title: 'a task beside the pivot that can fail',
    tasks: [
      { id: 'p', ...sound, pivot: true },
      { id: 'b', ...sound },
    ],
    kind: 'fails_beside_pivot',
    task: 'b',
    place: 'tasks.1.id',
  },
  {
    title: 'two pivots at once',
    tasks: [
      { id: 'p', ...sound, pivot: true },
      { id: 'q', ...sound, pivot: true },
    ],
    kind: 'fails_beside_pivot',
    task: 'q',
    place: 'tasks.1.pivot',
  },
  {
    title: 'a loop after the pivot that fails when it is exhausted',
    tasks: [
      { id: 'p', ...sound, pivot: true },
      {
        id: 'l',
        depends_on: ['p'],
        loop: {
          max_iterations: 2,
          until: '${ tasks.a.output.ok }',
          on_exhausted: 'fail',
          tasks: [{ id: 'a', ...readOnly }],
        },
      },
    ],
    kind: 'fails_after_pivot',
    task: 'l',
    place: 'tasks.1.id',
  },
  {
    title: 'a wait after the pivot that ends in a failure',
    tasks: [
      { id: 'p', ...sound, pivot: true },
      { id: 'w', wait: { event: 'go', timeout: 60 }, depends_on: ['p'] },
    ],
    kind: 'fails_after_pivot',
    task: 'w',
    place: 'tasks.1.id',
  },
  {
    title: 'a write that is undone under a later one, which the pivot lets stay',
    tasks: [
      { id: 'p', ...sound, pivot: true },
      { id: 'a', ...sound, continue_on_failure: false },
      { id: 'late', ...call, depends_on: ['a', 'p'] },
    ],
    kind: 'undone_under',
    task: 'late',
    place: 'tasks.2.id',
  },
  {
    title: 'a write that is undone although the undoing of a later one failed',
    saga: { on_compensation_failure: 'continue' },
    tasks: [
      { id: 'a', ...sound },
      { id: 'b', ...sound, depends_on: ['a'] },
    ],
    kind: 'undone_after_failure',
    task: 'a',
    place: 'fault_tolerance.saga_pattern.on_compensation_failure',
  },
  {
    title: 'an iteration that is undone although the undoing of the next one failed',
    saga: { on_compensation_failure: 'continue' },
    tasks: [{ id: 'l', loop: { max_iterations: 2, tasks: [{ id: 'a', ...sound }] } }],
    kind: 'undone_after_failure',
    task: 'a',
    place: 'fault_tolerance.saga_pattern.on_compensation_failure',
  },
  {
    title: 'a failure that the pivot does not ask about',
    keys: { on_failure: 'continue' },
    tasks: [
      { id: 'a', ...sound },
      { id: 'p', ...sound, pivot: true, depends_on: [{ task: 'a', on: 'done' }] },
    ],
    kind: 'fails_beside_pivot',
    task: 'a',
    place: 'tasks.0.id',
  },
  {
    title: 'a task after the pivot that need not wait for it',
    tasks: [
      { id: 'a', ...sound },
      { id: 'p', ...sound, pivot: true, depends_on: ['a'] },
      { id: 'b', ...sound, depends_on: ['a', 'p'], join: 'any_success' },
    ],
    kind: 'fails_beside_pivot',
    task: 'b',
    place: 'tasks.2.id',
  },
  {
    title: 'a task that still runs when the pivot goes past it',
    tasks: [
      { id: 'a', ...readOnly, continue_on_failure: true },
      { id: 'b', ...sound },
      { id: 'c', ...readOnly, depends_on: ['a', 'b'] },
      { id: 'p', ...sound, pivot: true, depends_on: [{ task: 'c', on: 'done' }] },
    ],
    kind: 'fails_beside_pivot',
    task: 'b',
    place: 'tasks.1.id',
  },
  {
    title: 'a saga that waits for an operator',
    saga: { rollback_on_failure: false },
    tasks: [{ id: 'a', ...sound }],
    kind: 'rollback_off',
    place: 'fault_tolerance.saga_pattern.rollback_on_failure',
  },
];
