import { describe, expect, it } from 'vitest';
import { containerOf, forEachOf, indexPlan, itemPathsOf, regionsAround } from '../../../core/execution/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import { smallPlan, type SmallTask } from '../../makers/small-plan.ts';

const plan = smallPlan({
  clone: {},
  lint: { after: ['clone'] },
  scan: { after: ['clone'], fanOut: 2 },
  report: { after: ['lint', 'scan'] },
});

describe('indexPlan', () => {
  it("finds a task by its path, and an item's by its fan-out's", () => {
    const index = indexPlan(plan);

    expect(['lint', 'scan', 'scan[1]'].map((path) => index.taskAt(taskPath(path)).id)).toEqual([
      'lint',
      'scan',
      'scan',
    ]);
  });

  it.each(['nobody', 'nobody[1]', ''])('refuses the foreign path %j', (path) => {
    expect(() => indexPlan(plan).taskAt(taskPath(path))).toThrow(expect.objectContaining({ code: 'foreign_path' }));
  });

  it('knows all that is upstream of a task, near and far', () => {
    const index = indexPlan(plan);

    expect([...index.upstreamOf('report')].toSorted()).toEqual(['clone', 'lint', 'scan']);
    expect([...index.upstreamOf('clone')]).toEqual([]);
    expect(index.upstreamOf('report')).toBe(index.upstreamOf('report'));
  });

  it('looks at each dependency once, however many ways lead to it', () => {
    const width = [0, 1];
    const rows = Array.from({ length: 40 }, (_, row) => row);
    const lattice = rows.flatMap((row) =>
      width.map((it): [string, SmallTask] => [
        `t${row}-${it}`,
        { after: row === 0 ? [] : width.map((other) => `t${row - 1}-${other}`) },
      ]),
    );

    expect(indexPlan(smallPlan(Object.fromEntries(lattice))).upstreamOf('t39-0').size).toBe(78);
  });

  it('knows who depends on a task, and on which nobody does', () => {
    const index = indexPlan(plan);

    expect(index.dependentsOf('clone')).toEqual(['lint', 'scan']);
    expect(index.dependentsOf('report')).toEqual([]);
    expect(index.sinks).toEqual(['report']);
  });
});

const nested = indexPlan(
  smallPlan({
    plan: {},
    outer: {
      continueOnFailure: true,
      loop: {
        tasks: {
          write: {},
          checks: { group: { tasks: { lint: {}, inner: { loop: { tasks: { deep: { fanOut: 2 } } } } } } },
        },
      },
    },
    each: { forEach: { items: '${ input.files }' } },
    strict: { group: { tasks: { brave: { continueOnFailure: true }, lint2: {} } } },
    child: { workflow: 'other', forEach: {} },
    child2: { workflow: 'other' },
    pause: { wait: { kind: 'seconds', seconds: 1 } },
  }),
);
const at = (path: string) => nested.taskAt(taskPath(path));

describe('indexPlan, with regions within one another', () => {
  it('gives the agent of a path, and refuses one where no agent can be', () => {
    expect(nested.agentAt(taskPath('outer[1]/write')).agent).toBe('write-agent');
    expect(() => nested.agentAt(taskPath('strict'))).toThrow(
      expect.objectContaining({ code: 'no_agent', message: 'Task strict calls no agent: it is a group.' }),
    );
  });

  it('says which task it does not know, and of which workflow', () => {
    expect(() => at('nobody')).toThrow('nobody is no task of review');
  });

  it.each([
    ['plan', [], 'plan'],
    ['write', [3], 'outer[3]/write'],
    ['lint', [3], 'outer[3]/checks/lint'],
    ['deep[1]', [3, 7], 'outer[3]/checks/inner[7]/deep[1]'],
    ['inner', [3], 'outer[3]/checks/inner'],
    ['brave', [], 'strict/brave'],
    ['write', [], 'outer[0]/write'],
  ])('finds the path of %s in the rounds %j', (task, rounds, path) => {
    expect(nested.pathOf(task, rounds)).toBe(path);
  });

  it.each([
    ['', 'plan', 'plan'],
    ['outer[3]', 'plan', 'plan'],
    ['outer[3]', 'write', 'outer[3]/write'],
    ['outer[3]/checks/inner[7]', 'write', 'outer[3]/write'],
    ['outer[3]/checks/inner[7]', 'lint', 'outer[3]/checks/lint'],
    ['outer[3]/checks/inner[7]', 'outer', 'outer'],
  ])('reads in the region %j the name %s as %s', (region, id, path) => {
    expect(nested.resolve(region, id)).toBe(path);
  });

  it.each([
    ['outer', true],
    ['outer[0]/write', true],
    ['outer[0]/checks/inner[2]/deep[0]', true],
    ['plan', false],
    ['strict/brave', true],
    ['strict/lint2', false],
  ])('says whether a failure of %s stays there: %s', (path, expected) => {
    expect(nested.isTolerated(taskPath(path))).toBe(expected);
  });
});

describe('regionsAround', () => {
  it('goes from inside to outside, and ends with the outermost region', () => {
    expect(regionsAround('outer[3]/checks/inner[7]')).toEqual([
      'outer[3]/checks/inner[7]',
      'outer[3]/checks',
      'outer[3]',
      '',
    ]);
    expect(regionsAround('')).toEqual(['']);
  });
});

describe('containerOf', () => {
  it.each([
    ['plan', undefined],
    ['each', undefined],
    ['each[4]', 'each'],
    ['child[0]', 'child'],
    ['outer[1]/write', 'outer'],
    ['outer[1]/checks/lint', 'outer[1]/checks'],
    ['outer[1]/checks/inner[0]/deep[1]', 'outer[1]/checks/inner'],
  ])('of %s is %s', (path, container) => {
    expect(containerOf(taskPath(path), at(path))).toBe(container);
  });
});

describe('itemPathsOf', () => {
  it.each([
    ['outer[1]/checks/inner[0]/deep', ['outer[1]/checks/inner[0]/deep[0]', 'outer[1]/checks/inner[0]/deep[1]']],
    ['outer[1]/checks/inner[0]/deep[0]', []],
    ['plan', []],
    ['each', []],
    ['strict', []],
  ])('of %s are %j', (path, items) => {
    expect(itemPathsOf(taskPath(path), at(path))).toEqual(items);
  });
});

describe('forEachOf', () => {
  it('is what an agent or a child workflow has, and no other task can have', () => {
    expect(forEachOf(at('each'))?.items).toBe('${ input.files }');
    expect(forEachOf(at('child'))?.maxItems).toBe(100);
    expect(['child2', 'plan', 'pause', 'strict'].map((path) => forEachOf(at(path)))).toEqual(Array(4).fill(undefined));
  });
});
