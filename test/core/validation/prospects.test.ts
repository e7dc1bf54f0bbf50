import { describe, expect, it } from 'vitest';
import { findingsOn, withCode } from '../../makers/findings.ts';

const NEVER = '${ false }';
const PERHAPS = '${ input.x }';
const ALWAYS = '${ true }';

const task = (id: string, more: object = {}) => ({ id, agent: 'worker', ...more });
const after = (...depends_on: readonly (string | object)[]) => ({ depends_on });
const on = (what: string, id = 'a') => ({ task: id, on: what });

const found = (tasks: readonly object[], keys: object = {}): readonly string[] =>
  withCode(findingsOn({ ...keys, tasks }), 'VAL215', 'LINT905').map(({ message }) => message);

const deadEdge = (why: string) => `This edge can never be taken: ${why}.`;
const alwaysFalse = (id: string) => `\`${id}\` can never run: its condition is always false.`;

const survives = { fault_tolerance: { on_failure: 'continue' } };
const propagates = { on_skip: 'propagates' };

describe('an edge on a failure', () => {
  const alarm = task('alarm', after(on('failure')));
  const stops = [deadEdge('a failure of `a` stops the execution')];

  it.each([
    { title: 'stops the execution by default', tasks: [task('a'), alarm], keys: {}, says: stops },
    {
      title: 'stops an execution that fails fast',
      tasks: [task('a'), alarm],
      keys: { fault_tolerance: { on_failure: 'fail_fast' } },
      says: stops,
    },
    { title: 'may be survived by an execution that goes on', tasks: [task('a'), alarm], keys: survives, says: [] },
    {
      title: 'may be survived by an execution that pauses',
      tasks: [task('a'), alarm],
      keys: { fault_tolerance: { on_failure: 'pause' } },
      says: [],
    },
    {
      title: 'may be survived by a task that lets others go on',
      tasks: [task('a', { continue_on_failure: true }), alarm],
      keys: {},
      says: [],
    },
    {
      title: 'may come from further up',
      tasks: [task('b', { continue_on_failure: true }), task('a', after('b')), alarm],
      keys: {},
      says: [],
    },
    {
      title: 'does not come from further up to one that runs anyway',
      tasks: [task('b', { continue_on_failure: true }), task('a', after(on('done', 'b'))), alarm],
      keys: {},
      says: stops,
    },
    {
      title: 'does not come from further up to one that waits for all',
      tasks: [task('b', { continue_on_failure: true }), task('a', { join: 'all_done', ...after('b') }), alarm],
      keys: {},
      says: stops,
    },
    {
      title: 'may come from one of several',
      tasks: [task('b', { continue_on_failure: true }), task('c'), task('a', after('b', 'c')), alarm],
      keys: {},
      says: [],
    },
    {
      title: 'does not come to one that runs for a failure',
      tasks: [task('b', { continue_on_failure: true }), task('a', after(on('failure', 'b'))), alarm],
      keys: {},
      says: stops,
    },
    {
      title: 'does not come to one that runs for a skip',
      tasks: [task('b', { when: PERHAPS, continue_on_failure: true }), task('a', after(on('skipped', 'b'))), alarm],
      keys: {},
      says: stops,
    },
    {
      title: 'does not come from one that never runs',
      tasks: [task('a', { when: NEVER }), alarm],
      keys: survives,
      says: [alwaysFalse('a'), deadEdge('`a` never runs')],
    },
  ])('$title', ({ tasks, keys, says }) => {
    expect(found(tasks, keys)).toEqual(says);
  });

  it.each([
    { title: 'itself', member: { continue_on_failure: true }, group: {} },
    { title: 'the group around', member: {}, group: { continue_on_failure: true } },
  ])('of a member may be survived, when $title lets others go on', ({ member, group }) => {
    const members = [task('a', member), task('alarm', after(on('failure')))];

    expect(found([{ id: 'g', group: { tasks: members }, ...group }])).toEqual([]);
    expect(found([{ id: 'g', group: { tasks: [task('a'), task('alarm', after(on('failure')))] } }])).toEqual(stops);
  });
});

describe('an edge on a skip', () => {
  const instead = task('instead', after(on('skipped')));
  const neverSkipped = [deadEdge('`a` is never skipped')];

  it.each([
    { title: 'is dead where nothing skips', tasks: [task('a'), instead], keys: {}, says: neverSkipped },
    { title: 'lives by a condition', tasks: [task('a', { when: PERHAPS }), instead], keys: {}, says: [] },
    {
      title: 'is dead by a condition that always holds',
      tasks: [task('a', { when: ALWAYS }), instead],
      keys: {},
      says: neverSkipped,
    },
    { title: 'lives by people who may skip', tasks: [task('a', { allow_skip: true }), instead], keys: {}, says: [] },
    {
      title: 'is dead where people may not',
      tasks: [task('a', { allow_skip: false }), instead],
      keys: {},
      says: neverSkipped,
    },
    {
      title: 'lives by a skip further up that propagates',
      tasks: [task('b', { when: PERHAPS }), task('a', after('b')), instead],
      keys: propagates,
      says: [],
    },
    {
      title: 'is dead where a skip further up satisfies',
      tasks: [task('b', { when: PERHAPS }), task('a', after('b')), instead],
      keys: {},
      says: neverSkipped,
    },
    {
      title: 'lives by an edge that may not be taken',
      tasks: [task('b', { when: PERHAPS }), task('a', after(on('skipped', 'b'))), instead],
      keys: {},
      says: [],
    },
    {
      title: 'lives by a failure that may not come',
      tasks: [task('b', { continue_on_failure: true }), task('a', after(on('failure', 'b'))), instead],
      keys: {},
      says: [],
    },
    {
      title: 'is dead where that harms nobody',
      tasks: [task('b', { when: PERHAPS }), task('a', { join: 'none_failed', ...after(on('skipped', 'b')) }), instead],
      keys: {},
      says: neverSkipped,
    },
    {
      title: 'lives by one skip of several further up',
      tasks: [task('b', { when: PERHAPS }), task('c'), task('a', after('b', 'c')), instead],
      keys: propagates,
      says: [],
    },
    {
      title: 'is dead where a failure that does not come harms nobody',
      tasks: [
        task('b', { when: PERHAPS, continue_on_failure: true }),
        task('a', { join: 'none_failed', ...after(on('failure', 'b')) }),
        instead,
      ],
      keys: propagates,
      says: neverSkipped,
    },
    {
      title: 'is dead where a skip that does not come harms nobody',
      tasks: [task('b', { when: PERHAPS }), task('a', { join: 'none_failed', ...after(on('skipped', 'b')) }), instead],
      keys: propagates,
      says: neverSkipped,
    },
    {
      title: 'is dead where the other is done in any case',
      tasks: [task('b', { when: PERHAPS }), task('a', after(on('done', 'b'))), instead],
      keys: propagates,
      says: neverSkipped,
    },
  ])('$title', ({ tasks, keys, says }) => {
    expect(found(tasks, keys)).toEqual(says);
  });

  it.each([
    {
      title: 'all members may be skipped',
      members: [task('b', { when: PERHAPS }), task('c', { allow_skip: true })],
      says: [],
    },
    { title: 'one member never is', members: [task('b', { when: PERHAPS }), task('c')], says: neverSkipped },
  ])('of a group is looked at by its members: $title', ({ members, says }) => {
    expect(found([{ id: 'a', group: { tasks: members } }, instead])).toEqual(says);
  });
});
