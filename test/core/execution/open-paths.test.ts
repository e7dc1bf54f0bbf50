import { describe, expect, it } from 'vitest';
import { indexPlan, openPaths, type OpenPaths, type TaskRecord } from '../../../core/execution/index.ts';
import { smallPlan } from '../../makers/small-plan.ts';
import { aTask } from '../../makers/ledger-records.ts';

const index = indexPlan(
  smallPlan({
    clone: {},
    scan: { fanOut: 2 },
    checks: { group: { tasks: { lint: {}, inner: { group: { tasks: { deep: {} } } } } } },
    refine: { loop: { tasks: { write: {} } } },
    each: { forEach: {} },
  }),
);

const done = { status: 'succeeded' } as const;
const open = { status: 'running' } as const;
const calls = (started: number) =>
  ({ ...open, calls: { items: { inline: [] }, count: 9, calls: 9, started, settled: 0, failed: 0 } }) as const;

function openOf(records: Readonly<Record<string, Partial<TaskRecord>>>): OpenPaths {
  return openPaths(index, (path) => (records[path] ? aTask({ path, ...records[path] }) : undefined));
}

describe('openPaths', () => {
  it('is every task of the outermost region before anything has begun, and the items of a fan-out', () => {
    expect(openOf({})).toEqual({
      tasks: ['clone', 'scan[0]', 'scan[1]', 'checks', 'refine', 'each'],
      containers: ['scan'],
    });
  });

  it('leaves out what has settled, and all inside it', () => {
    const records = { clone: done, scan: done, checks: done, refine: done, each: done };

    expect(openOf(records)).toEqual({ tasks: [], containers: [] });
    expect(openOf({ ...records, scan: open, 'scan[1]': done })).toEqual({ tasks: ['scan[0]'], containers: ['scan'] });
  });

  it('has the members of an open container, and inner containers before outer ones', () => {
    const others = { clone: done, scan: done, refine: done, each: done };

    expect(openOf({ ...others, checks: open }).tasks).toEqual(['checks/lint', 'checks/inner']);
    expect(openOf({ ...others, checks: open, 'checks/inner': open })).toEqual({
      tasks: ['checks/lint', 'checks/inner/deep'],
      containers: ['checks/inner', 'checks'],
    });
  });

  it('takes a container that is parked for a task that ends by itself', () => {
    expect(openOf({ checks: { status: 'parked' } }).tasks).toContain('checks');
  });

  it.each([
    [undefined, 'refine[0]/write'],
    [3, 'refine[3]/write'],
  ])('has the members of a loop in the iteration that runs: round %s', (round, member) => {
    const { tasks, containers } = openOf({ refine: { ...open, ...(round !== undefined && { round }) } });

    expect(tasks).toContain(member);
    expect(containers).toContain('refine');
  });

  it('has the calls of a for_each that were started', () => {
    const { tasks, containers } = openOf({ each: calls(2), 'each[0]': done });

    expect(tasks.filter((path) => path.startsWith('each'))).toEqual(['each[1]']);
    expect(containers).toContain('each');
  });

  it('takes an agent, and a for_each that has no list yet, for a task that ends by itself', () => {
    const { tasks, containers } = openOf({ clone: open, each: open });

    expect(tasks).toEqual(expect.arrayContaining(['clone', 'each']));
    expect(containers).toEqual(['scan']);
  });
});
