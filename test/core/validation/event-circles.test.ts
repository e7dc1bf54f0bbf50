import { describe, expect, it } from 'vitest';
import { findingsOn, withCode } from '../../makers/findings.ts';

const after = (...depends_on: readonly string[]) => ({ depends_on });
const waits = (id: string, event: string, more: object = {}) => ({ id, wait: { event }, ...more });
const emits = (id: string, event: string, more: object = {}) => ({ id, emit: { event }, ...more });
const works = (id: string, more: object = {}) => ({ id, agent: 'worker', ...more });
const group = (id: string, tasks: readonly object[], more: object = {}) => ({ id, group: { tasks }, ...more });

const found = (tasks: readonly object[], keys: object = {}): readonly string[] =>
  withCode(findingsOn({ ...keys, tasks }), 'CAP303').map(({ message }) => message);

const itself = ['`w` waits for `e`, which `m` emits only after `w` itself.'];

describe('a wait for an event', () => {
  it.each([
    { title: 'is not over before it', tasks: [waits('w', 'e'), emits('m', 'e', after('w'))] },
    {
      title: 'is not over further down',
      tasks: [waits('w', 'e'), works('t', after('w')), emits('m', 'e', after('t'))],
    },
    {
      title: 'is not over in a group that comes after it',
      tasks: [waits('w', 'e'), group('g', [emits('m', 'e')], after('w'))],
    },
    {
      title: 'is not over after the group that it is in',
      tasks: [group('g', [works('t'), waits('w', 'e')]), emits('m', 'e', after('g'))],
    },
    {
      title: 'is not over from one group to the next',
      tasks: [
        group('g', [group('h', [waits('w', 'e')]), works('t')]),
        group('i', [works('u'), emits('m', 'e', after('u'))], after('g')),
      ],
    },
    {
      title: 'is not over while both are needed',
      tasks: [waits('w', 'e'), works('t'), emits('m', 'e', { join: { quorum: 2 }, ...after('w', 't') })],
    },
    {
      title: 'is not over for those who wait beside it',
      tasks: [waits('w', 'e'), waits('x', 'e', after('w')), waits('y', 'e'), emits('m', 'e', after('w'))],
    },
    {
      title: 'is not over where others emit something else',
      tasks: [emits('n', 'f'), waits('w', 'e'), emits('m', 'e', after('w'))],
    },
    {
      title: 'is not over where all who emit it are behind it',
      tasks: [waits('w', 'e'), emits('m', 'e', after('w')), emits('n', 'e', after('w'))],
    },
    {
      title: 'is not over where it gives up by itself',
      tasks: [{ id: 'w', wait: { event: 'e', timeout: 60 } }, emits('m', 'e', after('w'))],
    },
  ])('that is emitted only after it $title', ({ tasks }) => {
    expect(found(tasks)).toEqual(itself);
  });

  it.each([
    { title: 'nobody here emits it', tasks: [waits('w', 'e'), emits('m', 'f', after('w'))] },
    { title: 'it is emitted before', tasks: [emits('m', 'e'), waits('w', 'e', after('m'))] },
    { title: 'it is emitted beside', tasks: [waits('w', 'e'), emits('m', 'e')] },
    {
      title: 'another task emits it as well',
      tasks: [waits('w', 'e'), emits('m', 'e', after('w')), works('t'), emits('n', 'e', after('t'))],
    },
    {
      title: 'any dependency will do',
      tasks: [waits('w', 'e'), works('t'), emits('m', 'e', { join: 'any_success', ...after('w', 't') })],
    },
    {
      title: 'one dependency is enough',
      tasks: [waits('w', 'e'), works('t'), emits('m', 'e', { join: { quorum: 1 }, ...after('w', 't') })],
    },
    {
      title: 'who emits it never runs',
      tasks: [waits('w', 'e'), emits('m', 'e', { when: '${ false }', ...after('w') })],
    },
    {
      title: 'the group of who emits it never runs',
      tasks: [waits('w', 'e'), group('g', [emits('m', 'e')], { when: '${ false }', ...after('w') })],
    },
    {
      title: 'it is emitted in the same group',
      tasks: [group('g', [waits('w', 'e'), emits('m', 'e')]), works('t', after('g'))],
    },
    {
      title: 'it comes when a group is over',
      tasks: [group('g', [works('t'), works('u')]), emits('m', 'e', after('g')), waits('w', 'e')],
    },
    {
      title: 'what it comes after waits for something else',
      tasks: [emits('n', 'f'), group('g', [waits('x', 'f')]), emits('m', 'e', after('g')), waits('w', 'e')],
    },
    {
      title: 'there is a circle of dependencies anyway',
      tasks: [waits('w', 'e'), emits('m', 'e', after('w')), works('t', after('u')), works('u', after('t'))],
    },
    {
      title: 'there is a circle of dependencies in a group',
      tasks: [
        waits('w', 'e'),
        emits('m', 'e', after('w')),
        group('g', [works('t', after('u')), works('u', after('t'))]),
      ],
    },
  ])('comes in time where $title', ({ tasks }) => {
    expect(found(tasks)).toEqual([]);
  });

  it.each([
    { keys: { coordination: { event_driven: ['build.linux.finished'] } }, says: 0 },
    { keys: { coordination: { event_driven: ['build.linux'] } }, says: 0 },
    { keys: { coordination: { event_driven: ['build'] } }, says: 0 },
    { keys: { triggers: [{ event: 'build.linux' }] }, says: 0 },
    { keys: { coordination: { event_driven: ['bui', 'linux', 'build.linux.finished.now'] } }, says: 1 },
  ])('may come from outside: $keys', ({ keys, says }) => {
    const tasks = [waits('w', 'build.linux.finished'), emits('m', 'build.linux.finished', after('w'))];

    expect(found(tasks, keys)).toHaveLength(says);
  });

  const circle = [waits('w', 'e'), emits('m', 'f', after('w')), waits('x', 'f'), emits('n', 'e', after('x'))];

  it('that is emitted only after another wait is shown with it, and with nothing that leads there', () => {
    const tasks = [works('t', after('w')), ...circle, waits('y', 'g', after('t'))];

    expect(found(tasks)).toEqual([
      'These tasks wait for one another: `w` waits for `e`, which `n` emits only after `x`; `x` waits for `f`, which `m` emits only after `w`.',
    ]);
  });

  it('that gives up sets the others free', () => {
    expect(found([{ id: 'w', wait: { event: 'e', timeout: 60 } }, ...circle.slice(1)])).toEqual([]);
  });

  it('is found in each circle', () => {
    expect(found([waits('w', 'e'), emits('m', 'e', after('w')), waits('x', 'f'), emits('n', 'f', after('x'))])).toEqual(
      [...itself, '`x` waits for `f`, which `n` emits only after `x` itself.'],
    );
  });
});
