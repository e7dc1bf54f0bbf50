/** A definition whose saga undoes everything. */
export interface SoundSaga {
  readonly title: string;
  readonly saga?: object;
  readonly keys?: object;
  readonly tasks: readonly object[];
}

const undo = { compensate: { agent: 'shop' }, compensate_on_failure: true };
const call = { agent: 'shop' };
const sound = { ...call, ...undo };
const readOnly = { ...call, effect: 'none' };
const asks = (input: string): object => ({
  compensate: { agent: 'shop', input: { undo: input } },
  compensate_on_failure: true,
});
const pivot = { ...sound, pivot: true };

export const soundSagas: readonly SoundSaga[] = [
  {
    title: 'no task that changes anything',
    tasks: [
      { id: 'a', ...readOnly },
      { id: 'b', ...readOnly, depends_on: ['a'] },
    ],
  },
  {
    title: 'a chain',
    tasks: [
      { id: 'a', ...sound },
      { id: 'b', ...sound, depends_on: ['a'] },
    ],
  },
  {
    title: 'a diamond',
    tasks: [
      { id: 'a', ...sound },
      { id: 'b', ...sound, depends_on: ['a'] },
      { id: 'c', ...sound, depends_on: ['a'] },
      { id: 'd', ...sound, depends_on: ['b', 'c'] },
    ],
  },
  {
    title: 'one after another',
    saga: { serial: true },
    tasks: [
      { id: 'a', ...sound },
      { id: 'b', ...sound, depends_on: ['a'] },
    ],
  },
  {
    title: 'a compensation that asks for its output',
    tasks: [{ id: 'a', ...call, ...asks('${ tasks.a.output.?id.orValue(null) }') }],
  },
  {
    title: 'a compensation that asks whether there is one',
    tasks: [{ id: 'a', ...call, ...asks('${ has(tasks.a.output.id) ? tasks.a.output.id : null }') }],
  },
  {
    title: 'a compensation that asks for the status',
    tasks: [{ id: 'a', ...call, ...asks('${ tasks.a.status == "succeeded" ? tasks.a.output.id : null }') }],
  },
  {
    title: 'a compensation that takes the output whole',
    tasks: [{ id: 'a', ...call, ...asks('${ tasks.a.output }') }],
  },
  {
    title: 'a compensation that reads what its task could not have begun without',
    tasks: [
      { id: 'a', ...readOnly, when: '${ input.go }' },
      {
        id: 'b',
        ...call,
        input: { n: '${ tasks.a.output.id }' },
        ...asks('${ tasks.a.output.id }'),
        depends_on: ['a'],
      },
    ],
  },
  {
    title: 'a compensation that reads what surely was answered',
    tasks: [
      { id: 'a', ...readOnly },
      { id: 'b', ...call, ...asks('${ tasks.a.output.id }'), depends_on: ['a'] },
    ],
  },
  {
    title: 'a write that never runs: nobody lives to see the failure',
    tasks: [
      { id: 'a', ...readOnly },
      { id: 'b', ...call, depends_on: [{ task: 'a', on: 'failure' }] },
    ],
  },
  {
    title: 'a failure that is survived and changes nothing',
    tasks: [
      { id: 'a', ...readOnly, continue_on_failure: true },
      { id: 'b', ...sound, depends_on: [{ task: 'a', on: 'done' }] },
    ],
  },
  {
    title: 'a failure that the others outlive, and that is undone at the end',
    keys: { on_failure: 'continue' },
    tasks: [
      { id: 'a', ...sound },
      { id: 'b', ...sound },
    ],
  },
  {
    title: 'a race whose losers are undone',
    tasks: [
      { id: 'a', ...sound },
      { id: 'b', ...sound },
      { id: 'c', ...sound, depends_on: ['a', 'b'], join: 'any_success' },
    ],
  },
  {
    title: 'writes in a group',
    tasks: [
      {
        id: 'g',
        group: {
          tasks: [
            { id: 'a', ...sound },
            { id: 'b', ...sound, depends_on: ['a'] },
          ],
        },
      },
    ],
  },
  { title: 'writes in a loop', tasks: [{ id: 'l', loop: { max_iterations: 3, tasks: [{ id: 'a', ...sound }] } }] },
  { title: 'a list of writes', tasks: [{ id: 'a', ...sound, for_each: { items: [1, 2] } }] },
  {
    title: 'a pivot at the end',
    tasks: [
      { id: 'a', ...sound },
      { id: 'p', ...pivot, depends_on: ['a'] },
    ],
  },
  {
    title: 'a pivot, and after it only what is tried again',
    tasks: [
      { id: 'a', ...sound },
      { id: 'p', ...pivot, depends_on: ['a'] },
      { id: 'b', ...call, depends_on: ['p'] },
    ],
  },
  {
    title: 'an event after the pivot',
    tasks: [
      { id: 'p', ...pivot },
      { id: 'tell', emit: { event: 'done' }, depends_on: ['p'] },
    ],
  },
  {
    title: 'a task after the pivot that may fail alone',
    tasks: [
      { id: 'p', ...pivot },
      { id: 'b', ...call, depends_on: ['p'], retry_policy: 'none', continue_on_failure: true },
    ],
  },
  {
    title: 'a wait beside the pivot, which cannot fail',
    tasks: [
      { id: 'p', ...pivot },
      { id: 'w', wait: { seconds: 5 } },
      { id: 'b', ...call, depends_on: ['p', 'w'] },
    ],
  },
  {
    title: 'a pivot in a group, whose rest comes before it',
    tasks: [
      {
        id: 'g',
        group: {
          tasks: [
            { id: 'a', ...sound },
            { id: 'p', ...pivot, depends_on: ['a'] },
          ],
        },
      },
      { id: 'b', ...call, depends_on: ['g'] },
    ],
  },
  {
    title: 'a list that is a pivot when all of it is done',
    tasks: [{ id: 'p', ...pivot, for_each: { items: [1, 2] } }],
  },
  {
    title: 'independent effects, each undone whatever becomes of the others',
    saga: { on_compensation_failure: 'continue' },
    tasks: [
      { id: 'a', ...sound },
      { id: 'b', ...sound },
    ],
  },
  {
    title: 'one pivot after the other, and between them what the second one keeps',
    tasks: [
      { id: 'p', ...pivot },
      { id: 'a', ...sound, depends_on: ['p'] },
      { id: 'q', ...pivot, depends_on: ['a'] },
      { id: 'late', ...call, depends_on: ['q'] },
    ],
  },
  {
    title: 'a task that would mend a failure which is tried again to the end',
    keys: { on_failure: 'continue' },
    tasks: [
      { id: 'p', ...pivot },
      { id: 'b', ...readOnly, depends_on: ['p'] },
      { id: 'mend', ...readOnly, retry_policy: 'none', depends_on: [{ task: 'b', on: 'failure' }] },
    ],
  },
  {
    title: 'a failure that is tolerated where the execution fails anyway',
    keys: { on_failure: 'continue' },
    tasks: [
      { id: 'a', ...sound },
      { id: 'b', ...sound, continue_on_failure: true, depends_on: [{ task: 'a', on: 'failure' }] },
    ],
  },
];
