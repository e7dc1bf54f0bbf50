import { describe, expect, it } from 'vitest';
import { createEngineHarness, type EngineHarness } from '../makers/engine-harness.ts';
import { smallPlan } from '../makers/small-plan.ts';
import type { ExecutionId } from '../../core/ids/index.ts';

async function started(plan: Parameters<typeof createEngineHarness>[0], input = {}) {
  const harness = await createEngineHarness(plan);
  return { harness, execution: await harness.begin(input) };
}

const calledPaths = ({ calls }: EngineHarness) => calls.map(({ path }) => path);
const answerOf = ({ answers }: EngineHarness, token: string) =>
  answers.filter((answer) => answer.token === token).map(({ answer }) => answer);

describe('a group', () => {
  const quality = { quality: { group: { tasks: { lint: {}, test: { after: ['lint'] } } } } };

  it('opens once, with its first member, and settles with its last', async () => {
    const { harness, execution } = await started(smallPlan(quality));

    await harness.dispatch(execution, 'quality/lint');
    await harness.answer(execution, 'quality/lint', 'clean');
    await harness.dispatch(execution, 'quality/test');
    await harness.answer(execution, 'quality/test', 'green');

    expect(await harness.task(execution, 'quality')).toMatchObject({
      status: 'succeeded',
      output: { inline: { lint: 'clean', test: 'green' } },
      attempts: 0,
    });
    expect(harness.events.filter(({ type }) => type === 'task.opened')).toHaveLength(1);
  });

  it('holds its members until what it depends on has settled', async () => {
    const plan = smallPlan({ clone: {}, ...quality, quality: { ...quality.quality, after: ['clone'] } });
    const { harness, execution } = await started(plan);

    await harness.dispatch(execution, 'clone');
    await harness.dispatch(execution, 'quality/lint');

    expect(calledPaths(harness)).toEqual(['clone']);
    expect(await harness.task(execution, 'quality/lint')).toMatchObject({
      status: 'parked',
      cause: { kind: 'dependency', tasks: ['quality'] },
    });
    await harness.answer(execution, 'clone');
    expect(calledPaths(harness)).toEqual(['clone', 'quality/lint']);
  });

  it('passes its own answer on to the states of members that never exist', async () => {
    const plan = smallPlan({ quality: { ...quality.quality, when: 'input.check' } });
    const { harness, execution } = await started(plan, { check: false });

    await harness.dispatch(execution, 'quality/lint');
    await harness.dispatch(execution, 'quality/test');

    expect(await harness.task(execution, 'quality')).toMatchObject({ status: 'skipped' });
    expect(answerOf(harness, 'quality/lint')).toEqual(['succeeded']);
    expect(answerOf(harness, 'quality/test')).toEqual(['succeeded']);
    expect(await harness.task(execution, 'quality/lint')).toBeUndefined();
  });

  it('answers the states inside of containers that it keeps from existing, also those that came before it was decided', async () => {
    const inner = { inner: { group: { tasks: { lint: {} } } } };
    const plan = smallPlan({ clone: {}, quality: { after: ['clone'], when: 'input.check', group: { tasks: inner } } });
    const { harness, execution } = await started(plan, { check: false });

    await harness.dispatch(execution, 'quality/inner/lint', 'early');
    await harness.dispatch(execution, 'clone');
    await harness.answer(execution, 'clone');
    await harness.dispatch(execution, 'quality/inner/lint', 'late');

    expect(await harness.task(execution, 'quality')).toMatchObject({ status: 'skipped' });
    // Told twice is told once: the first answer ends a token.
    expect([...new Set(answerOf(harness, 'early'))]).toEqual(['succeeded']);
    expect([...new Set(answerOf(harness, 'late'))]).toEqual(['succeeded']);
  });

  it('fails with the failure of a member, and with what the others gave', async () => {
    const { harness, execution } = await started(
      smallPlan({ quality: { continueOnFailure: true, group: { tasks: { lint: {}, test: {} } } }, report: {} }),
    );
    await harness.dispatch(execution, 'quality/lint');
    await harness.dispatch(execution, 'quality/test');

    await harness.fail(execution, 'quality/lint');
    await harness.answer(execution, 'quality/test', 'green');

    expect(await harness.task(execution, 'quality')).toMatchObject({
      status: 'failed',
      error: { name: 'ToolBroken', message: 'Task quality/lint failed: it broke' },
      output: { inline: { lint: null, test: 'green' } },
    });
    expect(await harness.ledger.findExecution(execution)).toMatchObject({ status: 'running' });
  });

  it('stops the execution with the failure of a member that nobody tolerates', async () => {
    const { harness, execution } = await started(smallPlan(quality));
    await harness.dispatch(execution, 'quality/lint');

    await harness.fail(execution, 'quality/lint');

    expect(await harness.ledger.findExecution(execution)).toMatchObject({
      status: 'stopping',
      stopping: { task: 'quality/lint' },
    });
  });

  it('lets no more agents work at once than its own limit says', async () => {
    const { harness, execution } = await started(
      smallPlan({ quality: { group: { maxParallel: 1, tasks: { a: {}, b: {} } } }, free: {} }),
    );
    for (const path of ['quality/a', 'quality/b', 'free']) await harness.dispatch(execution, path);

    expect(calledPaths(harness)).toEqual(['quality/a', 'free']);
    expect(await harness.task(execution, 'quality/b')).toMatchObject({
      cause: { kind: 'concurrency', limit: 'quality.max_parallel', size: 1 },
    });
    await harness.answer(execution, 'quality/a');
    expect(calledPaths(harness)).toEqual(['quality/a', 'free', 'quality/b']);
  });

  it('asks its first members itself when the graph opens it before the machine comes', async () => {
    const { harness, execution } = await started(
      smallPlan({ slow: {}, fast: {}, quality: { ...quality.quality, after: ['slow', 'fast'], join: 'any_success' } }),
    );
    await harness.dispatch(execution, 'slow');
    await harness.dispatch(execution, 'fast');

    await harness.answer(execution, 'fast');

    expect(calledPaths(harness)).toEqual(['slow', 'fast', 'quality/lint']);
  });
});

describe('a loop', () => {
  const refine = (loop: object = {}) =>
    smallPlan({ refine: { loop: { until: 'tasks.assess.output.good', tasks: { assess: {} }, ...loop } } });

  async function round(harness: EngineHarness, execution: ExecutionId, number: number, good: boolean) {
    await harness.dispatch(execution, `refine[${number}]/assess`);
    await harness.answer(execution, `refine[${number}]/assess`, { good });
    await harness.iterate(execution, `refine[${number}]`);
  }

  it('goes back while its condition does not hold, and on with the last output when it does', async () => {
    const { harness, execution } = await started(refine());

    await round(harness, execution, 0, false);
    expect(await harness.task(execution, 'refine')).toMatchObject({ status: 'running', round: 1 });
    await round(harness, execution, 1, true);

    expect(await harness.task(execution, 'refine')).toMatchObject({
      status: 'succeeded',
      output: { inline: { assess: { good: true } } },
    });
    expect(harness.events.filter(({ type }) => type === 'task.opened').map(({ data }) => data)).toEqual([
      { round: 0 },
      { round: 1 },
    ]);
  });

  it('waits at the end of its body for members that are still at work', async () => {
    const { harness, execution } = await started(refine());
    await harness.dispatch(execution, 'refine[0]/assess');

    await harness.iterate(execution, 'refine[0]');
    expect(answerOf(harness, 'refine[0].iterate')).toEqual([]);
    await harness.answer(execution, 'refine[0]/assess', { good: true });

    expect(answerOf(harness, 'refine[0].iterate')).toEqual(['succeeded']);
  });

  it('sends a machine that runs again through the iterations that have been', async () => {
    const { harness, execution } = await started(refine());
    await round(harness, execution, 0, false);

    await harness.dispatch(execution, 'refine[0]/assess', 'again');
    await harness.iterate(execution, 'refine[0]', 'iterate again');

    expect(answerOf(harness, 'again')).toEqual(['succeeded']);
    expect(answerOf(harness, 'iterate again')).toEqual(['succeeded']);
    expect(await harness.task(execution, 'refine')).toMatchObject({ round: 1 });
  });

  it.each([
    ['continue', { status: 'succeeded' }],
    ['fail', { status: 'failed', error: { name: 'LoopExhausted' } }],
  ] as const)('that is exhausted does as it is told: %s', async (onExhausted, expected) => {
    const { harness, execution } = await started(refine({ maxIterations: 2, onExhausted }));

    await round(harness, execution, 0, false);
    await round(harness, execution, 1, false);

    expect(await harness.task(execution, 'refine')).toMatchObject(expected);
  });

  it('is passed by where it stands in a container that never opens', async () => {
    const refine = { loop: { maxIterations: 3, tasks: { revise: {} } } };
    const plan = smallPlan({ quality: { when: 'input.check', group: { tasks: { refine } } } });
    const { harness, execution } = await started(plan, { check: false });

    await harness.dispatch(execution, 'quality/refine[0]/revise');
    await harness.iterate(execution, 'quality/refine[0]');

    expect(answerOf(harness, 'quality/refine[0].iterate')).toEqual(['succeeded']);
    expect(await harness.task(execution, 'quality/refine')).toBeUndefined();
  });

  it('fails when its condition cannot be told', async () => {
    const { harness, execution } = await started(refine());

    await harness.dispatch(execution, 'refine[0]/assess');
    await harness.answer(execution, 'refine[0]/assess', { good: 'perhaps' });

    expect(await harness.task(execution, 'refine')).toMatchObject({
      status: 'failed',
      error: { name: 'InvalidInput' },
    });
  });
});

describe('a for_each', () => {
  const scan = (forEach: object = {}) =>
    smallPlan({ scan: { forEach: { items: '${ input.files }', maxConcurrency: 2, ...forEach } } });

  it('starts as many calls as may run at once, and the next one with each settlement', async () => {
    const { harness, execution } = await started(scan(), { files: ['a', 'b', 'c'] });

    await harness.dispatch(execution, 'scan');
    expect(calledPaths(harness)).toEqual(['scan[0]', 'scan[1]']);
    await harness.answer(execution, 'scan[1]', 'B');
    expect(calledPaths(harness)).toEqual(['scan[0]', 'scan[1]', 'scan[2]']);
    await harness.answer(execution, 'scan[0]', 'A');
    await harness.answer(execution, 'scan[2]', 'C');

    expect(await harness.task(execution, 'scan')).toMatchObject({
      status: 'succeeded',
      output: { inline: ['A', 'B', 'C'] },
      calls: { count: 3, started: 3, settled: 3, failed: 0 },
    });
    expect(harness.calls.map(({ index, count }) => [index, count])).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
    ]);
    expect(answerOf(harness, 'scan')).toEqual(['succeeded']);
  });

  it('has succeeded when there is nothing to do', async () => {
    const { harness, execution } = await started(scan(), { files: [] });

    await harness.dispatch(execution, 'scan');

    expect(await harness.task(execution, 'scan')).toMatchObject({ status: 'succeeded', output: { inline: [] } });
  });

  it.each([
    ['no list', 'abc', {}],
    ['more than its bound', [1, 2, 3], { maxItems: 2 }],
  ])('refuses %s', async (_, files, bound) => {
    const { harness, execution } = await started(scan(bound), { files });

    await harness.dispatch(execution, 'scan');

    expect(await harness.task(execution, 'scan')).toMatchObject({ status: 'failed', error: { name: 'InvalidInput' } });
    expect(harness.calls).toEqual([]);
  });

  it('starts nothing further when more failed than it tolerates, and stops the execution in that moment', async () => {
    const { harness, execution } = await started(scan({ tolerate: { items: 1 } }), { files: [1, 2, 3, 4, 5] });
    await harness.dispatch(execution, 'scan');

    await harness.fail(execution, 'scan[0]');
    expect(await harness.ledger.findExecution(execution)).toMatchObject({ status: 'running' });
    await harness.fail(execution, 'scan[1]');

    expect(await harness.ledger.findExecution(execution)).toMatchObject({ status: 'stopping' });
    expect(calledPaths(harness)).toEqual(['scan[0]', 'scan[1]', 'scan[2]']);
  });

  it('counts all items of a batch that fails', async () => {
    const { harness, execution } = await started(scan({ batch: 2, tolerate: { percent: 50 } }), { files: [1, 2, 3] });
    await harness.dispatch(execution, 'scan');

    await harness.fail(execution, 'scan[0]');
    await harness.answer(execution, 'scan[1]', 'rest');

    expect(await harness.task(execution, 'scan')).toMatchObject({
      status: 'failed',
      calls: { calls: 2, failed: 2 },
      output: { inline: [null, 'rest'] },
    });
  });

  it('loses no call of a process that died: its state asks for all that were started', async () => {
    const { harness, execution } = await started(scan(), { files: ['a', 'b', 'c'] });
    await harness.dispatch(execution, 'scan');
    const successor = await createEngineHarness(scan(), { ledger: harness.ledger, engineId: 'engine-2' });

    await successor.dispatch(execution, 'scan', 'another');

    expect(calledPaths(successor)).toEqual(['scan[0]', 'scan[1]']);
    expect(await harness.task(execution, 'scan')).toMatchObject({ token: 'another' });
  });
});

describe('a wait', () => {
  it('lets its time pass', async () => {
    const { harness, execution } = await started(smallPlan({ rest: { wait: { kind: 'seconds', seconds: 60 } } }));

    await harness.dispatch(execution, 'rest');
    await harness.pass(59_999);
    expect(await harness.task(execution, 'rest')).toMatchObject({ status: 'parked', cause: { kind: 'schedule' } });
    await harness.pass(1);

    expect(await harness.task(execution, 'rest')).toMatchObject({ status: 'succeeded', output: { inline: null } });
  });

  it.each([
    ['2000-01-01T00:00:00Z', { status: 'succeeded' }],
    [0, { status: 'succeeded' }],
    ['tomorrow', { status: 'failed', error: { name: 'InvalidInput' } }],
    ['2026-11-21T10:00:00', { status: 'failed', error: { name: 'InvalidInput' } }],
    [true, { status: 'failed', error: { name: 'InvalidInput' } }],
  ])('until %j is decided at once', async (until, expected) => {
    const plan = smallPlan({ rest: { wait: { kind: 'until', until: '${ input.until }' } }, other: {} });
    const { harness, execution } = await started(plan, { until });

    await harness.dispatch(execution, 'rest');

    expect(await harness.task(execution, 'rest')).toMatchObject(expected);
  });

  const built = (timeout?: number) =>
    smallPlan({
      built: {
        wait: {
          kind: 'event',
          event: 'built',
          match: { commit: ['${ input.commit }'] },
          ...(timeout !== undefined && { timeout }),
        },
      },
    });
  const event = (id: string, commit: string) => ({ id, type: 'built', source: 'ci', data: { commit } });

  it('ends with the first event that matches, whether it came before or after', async () => {
    const { harness, execution } = await started(built(), { commit: 'c1' });
    await harness.engine.publish(event('1', 'c0'));
    await harness.dispatch(execution, 'built');
    expect(await harness.task(execution, 'built')).toMatchObject({
      status: 'parked',
      cause: { kind: 'event', event: 'built' },
    });

    await harness.engine.publish(event('2', 'c1'));

    expect(await harness.task(execution, 'built')).toMatchObject({
      status: 'succeeded',
      output: { inline: { id: '2', type: 'built', source: 'ci', data: { commit: 'c1' } } },
    });
    const late = await harness.begin({ commit: 'c1' });
    await harness.engine.publish(event('3', 'c1'));
    await harness.dispatch(late, 'built');
    expect(await harness.task(late, 'built')).toMatchObject({ status: 'succeeded' });
  });

  it('fails when nothing that matches comes in time', async () => {
    const { harness, execution } = await started(built(5), { commit: 'c1' });
    await harness.dispatch(execution, 'built');

    await harness.pass(5_000);

    expect(await harness.task(execution, 'built')).toMatchObject({ status: 'failed', error: { name: 'WaitTimeout' } });
    expect(await harness.ledger.listParked('event#built', 10)).toEqual([]);
  });

  it('hears what a task of the same workflow emits', async () => {
    const { harness, execution } = await started(
      smallPlan({ hear: { wait: { kind: 'event', event: 'said' } }, say: { emit: 'said' } }),
    );
    await harness.dispatch(execution, 'hear');

    await harness.dispatch(execution, 'say');

    expect(await harness.task(execution, 'hear')).toMatchObject({
      status: 'succeeded',
      output: { inline: { id: `${execution}/say`, source: execution } },
    });
  });
});

describe('an emit', () => {
  it('publishes once, however often its state asks', async () => {
    const { harness, execution } = await started(smallPlan({ say: { emit: 'said' } }));

    await harness.dispatch(execution, 'say');
    await harness.dispatch(execution, 'say', 'again');

    expect(await harness.ledger.listBusEvents('said', 0)).toHaveLength(1);
    expect(answerOf(harness, 'again')).toEqual(['succeeded']);
  });

  it('publishes nothing before its execution began, by whichever clock that was', async () => {
    const { harness, execution } = await started(
      smallPlan({ say: { emit: 'said' }, hear: { wait: { kind: 'event', event: 'said' }, after: ['say'] } }),
    );
    const record = await harness.ledger.findExecution(execution);
    if (!record) throw new Error('the execution has no record');
    const [startedAt, revision] = [record.startedAt + 60_000, record.revision + 1];
    await harness.ledger.commit([{ kind: 'execution', record: { ...record, startedAt, revision } }]);

    await harness.dispatch(execution, 'say');
    await harness.dispatch(execution, 'hear');

    expect(await harness.task(execution, 'hear')).toMatchObject({ status: 'succeeded' });
  });
});
