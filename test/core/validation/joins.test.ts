import { describe, expect, it } from 'vitest';
import { findingsOn, withCode } from '../../makers/findings.ts';

const NEVER = '${ false }';
const PERHAPS = '${ input.x }';

const task = (id: string, more: object = {}) => ({ id, agent: 'worker', ...more });
const after = (...depends_on: readonly (string | object)[]) => ({ depends_on });
const on = (what: string, id = 'a') => ({ task: id, on: what });

const found = (tasks: readonly object[], keys: object = {}): readonly string[] =>
  withCode(findingsOn({ ...keys, tasks }), 'VAL215', 'LINT905').map(({ message }) => message);

const deadEdge = (why: string) => `This edge can never be taken: ${why}.`;
const neverRuns = (id: string, why: string) => `\`${id}\` can never run: \`${why}\`, which it depends on, never does.`;
const alwaysFalse = (id: string) => `\`${id}\` can never run: its condition is always false.`;

const propagates = { on_skip: 'propagates' };

describe('a task with a join', () => {
  const never = task('never', { when: NEVER });
  const perhaps = task('perhaps', { when: PERHAPS });
  const sure = task('sure');
  const both = [never, perhaps, sure];

  it.each([
    { title: 'runs after a skip that satisfies', more: after('never'), keys: {}, says: [] },
    {
      title: 'does not after one that propagates',
      more: after('never'),
      keys: propagates,
      says: [neverRuns('t', 'never')],
    },
    {
      title: 'names the first that never runs',
      more: after('perhaps', 'never'),
      keys: propagates,
      says: [neverRuns('t', 'never')],
    },
    {
      title: 'of any success needs one',
      more: { join: 'any_success', ...after('never', 'perhaps') },
      keys: {},
      says: [],
    },
    {
      title: 'of any success does not do with none',
      more: { join: 'any_success', ...after('never') },
      keys: {},
      says: [neverRuns('t', 'never')],
    },
    {
      title: 'of a quorum counts who may succeed',
      more: { join: { quorum: 2 }, ...after('never', 'perhaps', 'sure') },
      keys: {},
      says: [],
    },
    {
      title: 'of a quorum does not do with fewer',
      more: { join: { quorum: 2 }, ...after('never', 'sure') },
      keys: {},
      says: [neverRuns('t', 'never')],
    },
    {
      title: 'of all that are done takes anything',
      more: { join: 'all_done', ...after('never') },
      keys: propagates,
      says: [],
    },
    {
      title: 'of none that failed takes a skip that satisfies',
      more: { join: 'none_failed', ...after('never') },
      keys: {},
      says: [],
    },
    {
      title: 'of none that failed takes none that propagates',
      more: { join: 'none_failed', ...after('never') },
      keys: propagates,
      says: [neverRuns('t', 'never')],
    },
    { title: 'runs when an edge on a skip is taken', more: after(on('skipped', 'never')), keys: propagates, says: [] },
    { title: 'runs when the other is done', more: after(on('done', 'never')), keys: propagates, says: [] },
  ])('$title', ({ more, keys, says }) => {
    expect(found([...both, task('t', more)], keys)).toEqual([alwaysFalse('never'), ...says]);
  });

  it('runs where it has nothing to wait for', () => {
    expect(found([task('t', { join: 'any_success' }), task('u', after('t'))], propagates)).toEqual([]);
  });

  it('does not run for an edge that is never taken, nor do those behind it', () => {
    const tasks = [sure, task('t', after(on('failure', 'sure'))), task('u', after('t'))];

    expect(found(tasks, propagates)).toEqual([
      deadEdge('a failure of `sure` stops the execution'),
      neverRuns('u', 't'),
    ]);
  });

  it('takes an untaken edge when nothing has to be taken', () => {
    const tasks = [sure, task('t', { join: 'none_failed', ...after(on('failure', 'sure')) })];

    expect(found([...tasks, task('u', after('t'))], propagates)).toEqual([
      deadEdge('a failure of `sure` stops the execution'),
    ]);
  });

  it.each([
    { join: 'any_success', says: [] },
    { join: { quorum: 2 }, says: [] },
    { join: { quorum: 1 }, says: [] },
  ])('may be skipped when too few are left: $join', ({ join, says }) => {
    const tasks = [perhaps, task('other', { when: PERHAPS }), task('t', { join, ...after('perhaps', 'other') })];

    expect(found([...tasks, task('instead', after(on('skipped', 't')))])).toEqual(says);
  });

  it.each(['any_success', { quorum: 1 }])('is not skipped while enough are left: %j', (join) => {
    const tasks = [perhaps, sure, task('t', { join, ...after('perhaps', 'sure') })];

    expect(found([...tasks, task('instead', after(on('skipped', 't')))])).toEqual([deadEdge('`t` is never skipped')]);
  });

  it('says nothing of tasks behind a cycle', () => {
    const tasks = [task('a', after('b')), task('b', after('a')), task('t', after('a'))];

    expect(found([...tasks, task('u', after(on('skipped', 't'), on('failure', 'a')))], propagates)).toEqual([]);
  });

  it('runs or not by its condition, whatever it waits for', () => {
    expect(found([never, task('t', { when: NEVER, ...after('never') })], propagates)).toEqual([
      alwaysFalse('never'),
      alwaysFalse('t'),
    ]);
  });
});
