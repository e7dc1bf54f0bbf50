import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../core/errors/index.ts';
import { plan, type Plan } from '../../../core/plan/index.ts';
import { validDefinition } from '../../makers/valid-definition.ts';

/** A document with these keys besides its name; `tasks` is the one line of the list. */
const planOf = (tasks: string, more = ''): Plan => plan(validDefinition(documentOf(tasks, more)));

const documentOf = (tasks: string, more = ''): string => `
workflow:
  name: small
  version: "1"
  agents: { doer: { type: any_agent }, pair: { type: any_agent, count: 2 } }
  tasks: [${tasks}]
  ${more}
`;

const only = '{ id: only, agent: doer }';

describe('plan', () => {
  it('writes out every default of a task', () => {
    expect(planOf(only).tasks).toEqual([
      {
        id: 'only',
        kind: 'agent',
        agent: 'doer',
        agentType: 'any_agent',
        dependsOn: [],
        join: 'all_success',
        timeout: 300,
        retry: { maxAttempts: 3, interval: 2, backoffRate: 2, maxDelay: 60, jitter: 'full' },
        continueOnFailure: false,
      },
    ]);
  });

  it('writes out every default of an execution', () => {
    expect(planOf(only)).toMatchObject({ timeout: 86_400, grace: 30, onFailure: 'fail_fast', onSkip: 'satisfies' });
  });

  it('keeps what the document says of an execution', () => {
    const said = planOf(
      only,
      `description: Says much.
  tags: [one]
  input: { type: object }
  output: { all: "\${ tasks.only.output }" }
  timeout: 1h
  on_skip: propagates
  concurrency: { max_parallel: 4 }
  fault_tolerance: { on_failure: drain, grace: 5 }`,
    );

    expect(said).toMatchObject({
      workflow: { name: 'small', version: '1', description: 'Says much.', tags: ['one'] },
      input: { type: 'object' },
      output: { all: '${ tasks.only.output }' },
      timeout: 3_600,
      grace: 5,
      maxParallel: 4,
      onFailure: 'drain',
      onSkip: 'propagates',
    });
  });

  it('says nothing of what the document is silent about', () => {
    const silent = planOf(only);

    expect(silent.workflow).toStrictEqual({ name: 'small', version: '1', tags: [] });
    for (const key of ['input', 'output', 'maxParallel', 'budget']) expect(silent).not.toHaveProperty(key);
  });

  it('keeps a budget in seconds, with what becomes of an execution beyond it', () => {
    expect(planOf(only, 'budget: { usd: 2.5, calls: 9, wall_time: 30m }').budget).toEqual({
      usd: 2.5,
      calls: 9,
      wallTime: 1_800,
      onExceeded: 'fail',
    });
    expect(planOf(only, 'budget: { tokens: 9, on_exceeded: ask }').budget).toStrictEqual({
      tokens: 9,
      onExceeded: 'ask',
    });
  });

  it('takes a timeout from the task, else from the defaults', () => {
    const { tasks } = planOf('{ id: a, agent: doer, timeout: 7 }, { id: b, agent: doer }', 'defaults: { timeout: 9 }');

    expect(tasks).toMatchObject([{ timeout: 7 }, { timeout: 9 }]);
  });

  it('fans out to as many items as the agent has instances', () => {
    const { tasks } = planOf('{ id: a, agent: pair, parallel: true }, { id: b, agent: pair }');

    expect(tasks[0]).toMatchObject({ fanOut: 2 });
    expect(tasks[1]).not.toHaveProperty('fanOut');
  });

  it('keeps a condition without its braces', () => {
    expect(planOf('{ id: a, agent: doer, when: "${ 1.0 > 0.0 }" }').tasks[0]?.when).toBe('1.0 > 0.0');
  });

  it('puts tasks in a topological order and keeps their dependencies as written', () => {
    const { tasks, edges } = planOf(
      '{ id: c, agent: doer, depends_on: [{ task: a, on: done }, b] }, { id: b, agent: doer, depends_on: [a] }, { id: a, agent: doer }',
    );

    expect(tasks.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(tasks[2]?.dependsOn).toEqual([
      { task: 'a', on: 'done' },
      { task: 'b', on: 'success' },
    ]);
    expect(edges).toEqual([
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
    ]);
  });

  it('does not pause on failure, which this version cannot', () => {
    expect(planOf(only, 'fault_tolerance: { on_failure: pause }').onFailure).toBe('fail_fast');
  });

  it('is JSON, and the same for the same definition', () => {
    const definition = validDefinition(documentOf(only));

    expect(JSON.parse(JSON.stringify(plan(definition)))).toEqual(plan(definition));
    expect(JSON.stringify(plan(validDefinition(documentOf(only))))).toBe(JSON.stringify(plan(definition)));
  });

  it('refuses a definition that validation cannot have seen', () => {
    const valid = validDefinition(documentOf(only));
    const [task] = valid.definition.workflow.tasks;
    const workflow = { ...valid.definition.workflow, tasks: [{ ...task!, agent: 'nobody' }] };

    expect(() => plan({ ...valid, definition: { ...valid.definition, workflow } })).toThrow(InvariantError);
  });
});

describe('the retry policy of a planned task', () => {
  const retryOf = (task: string, more = '') => {
    const [only] = planOf(`{ id: only, agent: doer, ${task} }`, more).tasks;
    return only?.kind === 'agent' ? only.retry : undefined;
  };

  it.each([
    ['none', { maxAttempts: 1 }],
    ['fixed', { maxAttempts: 3, interval: 2, backoffRate: 1, jitter: 'none' }],
    ['exponential_backoff', { maxAttempts: 3, interval: 2, backoffRate: 2, maxDelay: 60, jitter: 'full' }],
  ])('knows %s', (name, expected) => {
    expect(retryOf(`retry_policy: ${name}`)).toMatchObject(expected);
  });

  it('fills what a policy leaves out', () => {
    expect(retryOf('retry_policy: { max_attempts: 2, retry_on: [AgentThrottled] }')).toEqual({
      maxAttempts: 2,
      interval: 2,
      backoffRate: 2,
      maxDelay: 60,
      jitter: 'full',
      retryOn: ['AgentThrottled'],
    });
  });

  it('is found by its name, an own one before the built-in one', () => {
    const own = 'retry_policies: { fixed: { max_attempts: 7, jitter: none }, slow: { interval: 9 } }';

    expect(retryOf('retry_policy: fixed', own)).toMatchObject({ maxAttempts: 7, jitter: 'none' });
    expect(retryOf('retry_policy: slow', own)).toMatchObject({ maxAttempts: 3, interval: 9 });
    expect(retryOf('retry_policy: none', own)).toMatchObject({ maxAttempts: 1 });
  });

  it('is exponential backoff where a document says nothing, and its flat keys change one thing each', () => {
    const backoff = { maxAttempts: 3, interval: 2, backoffRate: 2, maxDelay: 60, jitter: 'full' };

    expect(retryOf('timeout: 1')).toEqual(backoff);
    expect(retryOf('timeout: 1', 'max_retries: 0')).toEqual({ ...backoff, maxAttempts: 1 });
    expect(retryOf('timeout: 1', 'retry_delay: 5')).toEqual({ ...backoff, interval: 5 });
    expect(retryOf('timeout: 1', 'max_retry_delay: 5')).toEqual({ ...backoff, maxDelay: 5 });
  });

  it('never cuts an interval by a cap that nobody wrote', () => {
    expect(retryOf('retry_policy: { interval: 300 }')).toMatchObject({ interval: 300, maxDelay: 300 });
  });

  it('comes from the defaults, else from the flat keys', () => {
    const flat = 'max_retries: 4\n  retry_delay: 10\n  max_retry_delay: 40\n  exponential_backoff: false';

    expect(retryOf('timeout: 1', flat)).toEqual({
      maxAttempts: 5,
      interval: 10,
      backoffRate: 1,
      maxDelay: 40,
      jitter: 'none',
    });
    expect(retryOf('timeout: 1', `${flat}\n  defaults: { retry_policy: none }`)?.maxAttempts).toBe(1);
  });
});
