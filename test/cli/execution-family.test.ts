import { describe, expect, it } from 'vitest';
import { aroundText, createFamily } from '../../cli/execution-family.ts';
import { executionId, taskPath } from '../../core/ids/index.ts';
import { foldEvents } from '../../core/projections/index.ts';
import { childStarted, openEventLog, started } from '../makers/event-log.ts';

const [own, child, grandchild, stranger] = ['exec_1', 'exec_2', 'exec_3', 'exec_9'].map(executionId);

describe('createFamily', () => {
  it('knows the children, and theirs, of the execution that it met first', () => {
    const family = createFamily();
    const { events } = openEventLog('exec_1').add('', started).add('deep', childStarted('exec_2'));
    const { events: below } = openEventLog('exec_2').add('', started).add('refine[1]/deeper', childStarted('exec_3'));

    [...events, ...below].forEach((event) => family.meet(event));

    expect(family.tasksTo(own!)).toEqual([]);
    expect(family.tasksTo(child!)).toEqual(['deep']);
    expect(family.tasksTo(grandchild!)).toEqual(['deep', 'refine[1]/deeper']);
    expect(family.tasksTo(stranger!)).toBeUndefined();
  });

  it('knows the children of an execution that was taken up', () => {
    const before = foldEvents(openEventLog('exec_1').add('', started).add('deep', childStarted('exec_2')).events);

    expect(createFamily(before).tasksTo(child!)).toEqual(['deep']);
  });

  it('leaves the children of strangers strangers', () => {
    const family = createFamily();
    family.meet(openEventLog('exec_1').add('', started).events[0]!);
    family.meet(openEventLog('exec_9').add('deep', childStarted('exec_2')).events[0]!);

    expect(family.tasksTo(child!)).toBeUndefined();
  });
});

describe('aroundText', () => {
  it('stands before what a path is inside of', () => {
    expect(aroundText([])).toBe('');
    expect(aroundText([taskPath('deep'), taskPath('refine[1]/deeper')])).toBe('deep ▸ refine[1]/deeper ▸ ');
  });
});
