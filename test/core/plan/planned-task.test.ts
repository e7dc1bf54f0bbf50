import { describe, expect, it } from 'vitest';
import type { TaskDocument } from '../../../core/definition/index.ts';
import { plan, type Plan, type PlannedTask, type PlanOptions } from '../../../core/plan/index.ts';
import { validDefinition } from '../../makers/valid-definition.ts';

const documentOf = (tasks: string): string => `
workflow:
  name: small
  version: "1"
  input: { type: object, properties: { files: { type: array }, n: { type: number }, at: { type: string } } }
  agents: { doer: { type: any_agent } }
  tasks: [${tasks}]
`;

const planOf = (tasks: string, options?: PlanOptions): Plan => plan(validDefinition(documentOf(tasks)), options);

/** The only task of a document, without what every task has. */
function only(task: string): Partial<PlannedTask> {
  const [planned] = planOf(`{ id: only, ${task} }`).tasks;
  const { id: _id, dependsOn: _dependsOn, join: _join, continueOnFailure: _continue, ...own } = planned!;
  return own;
}

describe('a planned task', () => {
  it('keeps what its author says of it', () => {
    const [first, second] = planOf(
      `{ id: a, agent: doer },
       { id: b, description: Looks., agent: doer, depends_on: [a], join: { quorum: 1 }, when: "\${ input.n > 1.0 }",
         heartbeat: 5, continue_on_failure: true, input: { n: "\${ input.n }" }, output: { type: object } }`,
    ).tasks;

    expect(second).toMatchObject({
      id: 'b',
      description: 'Looks.',
      dependsOn: [{ task: 'a', on: 'success' }],
      join: { quorum: 1 },
      when: 'input.n > 1.0',
      heartbeat: 5,
      continueOnFailure: true,
      input: { n: '${ input.n }' },
      output: { type: 'object' },
    });
    expect(Object.keys(first!)).toStrictEqual([
      'id',
      'dependsOn',
      'join',
      'continueOnFailure',
      'kind',
      'agent',
      'agentType',
      'timeout',
      'retry',
    ]);
  });

  it.each([
    ['{ seconds: 60 }', { kind: 'seconds', seconds: 60 }],
    ['{ until: "${ input.at }" }', { kind: 'until', until: '${ input.at }' }],
    ['{ event: built }', { kind: 'event', event: 'built' }],
    [
      '{ event: built, match: { ok: [true] }, timeout: 30m }',
      { kind: 'event', event: 'built', match: { ok: [true] }, timeout: 1_800 },
    ],
  ])('waits as %s says', (wait, expected) => {
    expect(only(`wait: ${wait}`)).toStrictEqual({ kind: 'wait', wait: expected });
  });

  it('publishes an event, with data or without', () => {
    expect(only('emit: { event: done }')).toStrictEqual({ kind: 'emit', event: 'done' });
    expect(only('emit: { event: done, data: { n: 1 } }')).toStrictEqual({
      kind: 'emit',
      event: 'done',
      data: { n: 1 },
    });
  });

  it('starts a child workflow with no more than its author says', () => {
    expect(only('workflow: { name: other, version: "2" }')).toStrictEqual({
      kind: 'workflow',
      workflow: { name: 'other', version: '2' },
    });
    expect(
      only('workflow: { name: other, version: "2", input: { n: 1 } }, output: { type: object }, timeout: 9'),
    ).toStrictEqual({
      kind: 'workflow',
      workflow: { name: 'other', version: '2' },
      input: { n: 1 },
      output: { type: 'object' },
      timeout: 9,
    });
  });

  it('takes the version of a child that is published, else the one its author wishes', () => {
    const child = '{ id: only, workflow: { name: other, version: "2" } }';
    const versionOf = (name: string, version?: string) => `${name}-${version}-published`;

    expect(planOf(child, { versionOf }).tasks[0]).toMatchObject({ workflow: { version: 'other-2-published' } });
    expect(planOf(child, { versionOf: () => undefined }).tasks[0]).toMatchObject({ workflow: { version: '2' } });
  });

  it('cannot be a child that nobody knows a version of', () => {
    expect(() => planOf('{ id: only, workflow: { name: other } }')).toThrow(
      expect.objectContaining({
        code: 'unknown_child',
        message: 'There is no version of workflow other to plan with.',
      }),
    );
  });

  it('repeats and groups tasks with their defaults and with what their author says', () => {
    const tasks = 'tasks: [{ id: x, agent: doer }]';

    expect(only(`loop: { max_iterations: 3, ${tasks} }`)).toMatchObject({ maxIterations: 3, onExhausted: 'continue' });
    expect(only(`loop: { max_iterations: 3, ${tasks} }`)).not.toHaveProperty('until');
    expect(
      only(`loop: { max_iterations: 3, until: "\${ input.n > 2.0 }", on_exhausted: fail, ${tasks} }`),
    ).toMatchObject({ kind: 'loop', until: 'input.n > 2.0', onExhausted: 'fail' });
    expect(only(`group: { ${tasks} }`)).not.toHaveProperty('maxParallel');
    expect(only(`group: { max_parallel: 2, ${tasks} }`)).toMatchObject({ kind: 'group', maxParallel: 2 });
  });
});

describe('the items of a planned task', () => {
  const forEachOf = (keys: string) => (only(`agent: doer, for_each: { ${keys} }`) as { forEach?: unknown }).forEach;

  it('are bounded by their number where the list is written out', () => {
    expect(forEachOf('items: [a, b, c]')).toStrictEqual({
      items: ['a', 'b', 'c'],
      maxItems: 3,
      maxConcurrency: 10,
      tolerate: { items: 0 },
    });
  });

  it('keep what their author says', () => {
    const said = 'items: "${ input.files }", max_items: 50, max_concurrency: 4, batch: 5, tolerate_failures: 7';

    expect(forEachOf(said)).toStrictEqual({
      items: '${ input.files }',
      maxItems: 50,
      maxConcurrency: 4,
      batch: 5,
      tolerate: { items: 7 },
    });
  });

  it('may fail by a share', () => {
    expect(forEachOf('items: [a], tolerate_failures: 5%')).toMatchObject({ tolerate: { percent: 5 } });
  });

  it('can be calls of a child workflow', () => {
    expect(only('workflow: { name: other, version: "2" }, for_each: { items: [a] }')).toMatchObject({
      forEach: { maxItems: 1 },
    });
  });
});

describe('the regions of a plan', () => {
  const nestedPlan = (): Plan =>
    planOf(`
    { id: last, agent: doer, depends_on: [outer] },
    { id: outer, loop: { max_iterations: 2, tasks: [
      { id: b, agent: doer, depends_on: [inner] },
      { id: inner, group: { tasks: [{ id: y, agent: doer, depends_on: [x] }, { id: x, agent: doer }] } },
    ] } },
    { id: n1, agent: doer }, { id: n2, agent: doer, depends_on: [n1, outer] }`);

  const regionOf = (id: string) => {
    const task = nestedPlan().tasks.find((it) => it.id === id);
    return task && 'region' in task ? task.region : undefined;
  };

  it('list a container right before its members, and each region in its order', () => {
    const { tasks } = nestedPlan();

    expect(tasks.map(({ id, container }) => [id, container])).toStrictEqual([
      ['outer', undefined],
      ['inner', 'outer'],
      ['x', 'inner'],
      ['y', 'inner'],
      ['b', 'outer'],
      ['last', undefined],
      ['n1', undefined],
      ['n2', undefined],
    ]);
    expect(tasks[0]).not.toHaveProperty('container');
  });

  it('name their own members, edges and critical path', () => {
    expect(regionOf('inner')).toStrictEqual({
      members: ['x', 'y'],
      edges: [{ from: 'x', to: 'y' }],
      skeleton: {
        kind: 'series',
        blocks: [
          { kind: 'task', task: 'x' },
          { kind: 'task', task: 'y' },
        ],
      },
      gates: [],
      criticalPath: { tasks: ['x', 'y'], length: 2 },
    });
    expect(regionOf('outer')?.members).toStrictEqual(['inner', 'b']);
  });

  it('name the gates that the skeleton leaves over', () => {
    const { members, gates } = nestedPlan();

    expect(members).toStrictEqual(['outer', 'last', 'n1', 'n2']);
    expect(gates).toStrictEqual([{ from: 'outer', to: 'n2' }]);
  });
});

describe('a definition that validation cannot have seen', () => {
  const planWith = (change: Partial<TaskDocument>) => {
    const valid = validDefinition(documentOf('{ id: only, agent: doer }'));
    const [task] = valid.definition.workflow.tasks;
    const workflow = { ...valid.definition.workflow, tasks: [{ ...task!, ...change }] };
    return () => plan({ ...valid, definition: { ...valid.definition, workflow } });
  };

  it.each<[string, Partial<TaskDocument>]>([
    ['a policy that does not exist', { retry_policy: 'patience' }],
    ['a policy by a name of JavaScript', { retry_policy: 'constructor' }],
    ['a wait for nothing', { wait: {} }],
    ['items without a bound', { for_each: { items: '${ input.files }' } }],
    ['a condition that is none', { when: 'perhaps' }],
  ])('is refused for %s', (_what, change) => {
    expect(planWith(change)).toThrow(
      expect.objectContaining({
        name: 'InvariantError',
        code: 'task_not_validated',
        message:
          'Task only has something that validation should have refused: an unknown agent or policy, no bound, no condition.',
        details: { task: 'only' },
      }),
    );
  });

  it('is refused for an agent, or a task, that does not exist', () => {
    expect(planWith({ agent: 'nobody' })).toThrow(expect.objectContaining({ code: 'task_not_validated' }));
    expect(planWith({ depends_on: [{ task: 'nobody', on: 'success' }] })).toThrow(
      expect.objectContaining({
        code: 'unknown_task',
        message: 'The graph names task nobody, which does not exist.',
      }),
    );
  });
});
