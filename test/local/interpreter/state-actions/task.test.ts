import { describe, expect, it } from 'vitest';
import type { Json } from '../../../../core/json/index.ts';
import { aCallTask, aMachine, answering, aTokenTask, createMachineStage, typesOf } from '../machine-stage.ts';

const tokenTask = aMachine({ lint: aTokenTask() });

describe('runTask with a token', () => {
  it('hands out a token and waits for its answer', async () => {
    const stage = createMachineStage();

    const running = stage.start(tokenTask);
    await stage.settle();
    const answer = stage.interpreter.sendTaskSuccess('token-1', { findings: 2 });

    expect(stage.calls).toEqual([{ token: 'token-1' }]);
    expect(answer).toBe('ok');
    expect(await running.result).toMatchObject({ status: 'SUCCEEDED', output: { findings: 2 } });
  });

  it('has six events', async () => {
    const stage = createMachineStage({ functions: { 'dispatch-task': answering(() => stage) } });

    const result = await stage.run(tokenTask);

    expect(typesOf(result).slice(1, -1)).toEqual([
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
    ]);
  });

  it('fails with the error and cause that it is answered with', async () => {
    const stage = createMachineStage();

    const running = stage.start(tokenTask);
    await stage.settle();
    stage.interpreter.sendTaskFailure('token-1', 'TaskFailed', '{"attempts":3}');
    const result = await running.result;

    expect(result).toMatchObject({ status: 'FAILED', error: 'TaskFailed', cause: '{"attempts":3}' });
    expect(typesOf(result).slice(-3)).toEqual(['TaskSubmitted', 'TaskFailed', 'ExecutionFailed']);
  });

  it('shapes the result by its Output', async () => {
    const output = { token: '{% $states.context.Task.Token %}', of: '{% $states.result.n * 2 %}' };
    const stage = createMachineStage({ functions: { 'dispatch-task': answering(() => stage, { n: 4 }) } });

    const result = await stage.run(aMachine({ lint: aTokenTask({ Output: output }) }));

    expect(result).toMatchObject({ output: { token: 'token-1', of: 8 } });
  });

  it('ends after its function has returned, though the answer came before', async () => {
    const returned = Promise.withResolvers<null>();
    const stage = createMachineStage({ functions: { 'dispatch-task': () => returned.promise } });

    const running = stage.start(tokenTask);
    await stage.settle();
    const answer = stage.interpreter.sendTaskSuccess('token-1', 'early');
    await stage.settle();
    const before = stage.interpreter.openTokens;
    returned.resolve(null);
    const result = await running.result;

    expect(answer).toBe('ok');
    expect(before).toBe(0);
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: 'early' });
    expect(typesOf(result).slice(3, 6)).toEqual(['TaskStarted', 'TaskSubmitted', 'TaskSucceeded']);
  });

  it('fails when it was answered with a failure before its function returned', async () => {
    const stage = createMachineStage({
      functions: {
        'dispatch-task': ({ token }) => {
          stage.interpreter.sendTaskFailure(token as string, 'ExecutionStopping', 'stopped');
          return {};
        },
      },
    });

    const result = await stage.run(tokenTask);

    expect(result).toMatchObject({ status: 'FAILED', error: 'ExecutionStopping' });
    expect(typesOf(result).slice(-3)).toEqual(['TaskSubmitted', 'TaskFailed', 'ExecutionFailed']);
  });

  it('fails when its function throws after the answer', async () => {
    const stage = createMachineStage({
      functions: {
        'dispatch-task': ({ token }) => {
          stage.interpreter.sendTaskSuccess(token as string, 'early');
          throw new RangeError('too late');
        },
      },
    });

    const result = await stage.run(tokenTask);

    expect(result).toMatchObject({ status: 'FAILED', error: 'RangeError', cause: 'too late' });
    expect(typesOf(result)).not.toContain('TaskSubmitted');
  });

  it('takes the first of two answers', async () => {
    const stage = createMachineStage();

    const running = stage.start(tokenTask);
    await stage.settle();
    const answers = [
      stage.interpreter.sendTaskSuccess('token-1', 'first'),
      stage.interpreter.sendTaskSuccess('token-1', 'second'),
      stage.interpreter.sendTaskFailure('token-1', 'Third'),
      stage.interpreter.sendTaskHeartbeat('token-1'),
    ];

    expect(answers).toEqual(['ok', 'unknown_token', 'unknown_token', 'unknown_token']);
    expect(await running.result).toMatchObject({ output: 'first' });
  });

  it('fails when the answer is over the data limit', async () => {
    const stage = createMachineStage({ functions: { 'dispatch-task': answering(() => stage, 'x'.repeat(262_143)) } });

    const result = await stage.run(tokenTask);

    expect(result).toMatchObject({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
      cause:
        "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
    expect(typesOf(result).slice(-2)).toEqual(['TaskFailed', 'ExecutionFailed']);
  });
});

describe('runTask without a token', () => {
  it('gives what Lambda would answer, in five events', async () => {
    const stage = createMachineStage({ functions: { begin: ({ n }) => ({ twice: Number(n) * 2 }) } });

    const result = await stage.run(aMachine({ begin: aCallTask() }), { n: 4 });

    expect(result).toMatchObject({ output: { ExecutedVersion: '$LATEST', Payload: { twice: 8 }, StatusCode: 200 } });
    expect(typesOf(result).slice(1, -1)).toEqual([
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
    ]);
  });

  it('has no token in its context', async () => {
    const task = aCallTask({ Arguments: { FunctionName: 'begin', Payload: '{% $exists($states.context.Task) %}' } });
    const stage = createMachineStage();

    await stage.run(aMachine({ begin: task }));

    expect(stage.calls).toEqual([false]);
  });

  it('does not call with arguments over the data limit', async () => {
    const stage = createMachineStage();
    const task = aCallTask({ Arguments: { FunctionName: 'begin', Payload: '{% $pad("", 262140) %}' } });

    const result = await stage.run(aMachine({ begin: task }));

    expect(result).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(stage.calls).toEqual([]);
  });

  it.each([
    [new TypeError('x is not a function'), { error: 'TypeError', cause: 'x is not a function' }],
    [
      Object.assign(new Error('slow down'), { name: 'Lambda.TooManyRequestsException' }),
      { error: 'Lambda.TooManyRequestsException', cause: 'slow down' },
    ],
    ['a mere text', { error: 'Lambda.Unknown', cause: 'a mere text' }],
  ])('fails with the name and message of %s', async (reason, failure) => {
    const stage = createMachineStage({
      functions: {
        begin: () => {
          throw reason as Error;
        },
      },
    });

    const result = await stage.run(aMachine({ begin: aCallTask() }));

    expect(result).toMatchObject({ status: 'FAILED', ...failure });
    expect(result.history.at(-2)).toMatchObject({ type: 'TaskFailed', details: failure });
  });
});

describe('runTask with limits', () => {
  const limited = aMachine({ lint: aTokenTask({ TimeoutSeconds: 60, HeartbeatSeconds: 10 }) });

  it('tells the limits when it is scheduled', async () => {
    const stage = createMachineStage({ functions: { 'dispatch-task': answering(() => stage) } });

    const result = await stage.run(limited);

    expect(result.history[2]).toMatchObject({
      type: 'TaskScheduled',
      details: {
        resource: 'invoke.waitForTaskToken',
        resourceType: 'lambda',
        parameters: { FunctionName: 'dispatch-task', Payload: { token: 'token-1' } },
        timeoutInSeconds: 60,
        heartbeatInSeconds: 10,
      },
    });
    expect(stage.waits()).toEqual([]);
  });

  it('times out', async () => {
    const stage = createMachineStage();

    const result = await stage.run(aMachine({ lint: aTokenTask({ TimeoutSeconds: 60 }) }));

    expect(result).toEqual({ status: 'FAILED', error: 'States.Timeout', history: result.history });
    expect(typesOf(result).slice(-3)).toEqual(['TaskSubmitted', 'TaskTimedOut', 'ExecutionFailed']);
    expect(result.history.at(-1)!.timestamp - result.history[0]!.timestamp).toBe(60_000);
    expect(stage.interpreter.sendTaskSuccess('token-1', 'late')).toBe('unknown_token');
  });

  it('times out while its function still runs', async () => {
    const stage = createMachineStage({ functions: { begin: () => new Promise<never>(() => undefined) } });

    const result = await stage.run(aMachine({ begin: aCallTask({ TimeoutSeconds: 5 }) }));

    expect(typesOf(result).slice(-3)).toEqual(['TaskStarted', 'TaskTimedOut', 'ExecutionFailed']);
  });

  it('times out when it is silent for longer than its heartbeat', async () => {
    const stage = createMachineStage();

    const running = stage.start(limited);
    await stage.pass(9);
    const beat = stage.interpreter.sendTaskHeartbeat('token-1');
    await stage.pass(9);
    const between = stage.waits();
    await stage.pass(1);
    const result = await running.result;

    expect(beat).toBe('ok');
    expect(between).toEqual([19, 60]);
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(result.history.at(-1)!.timestamp - result.history[0]!.timestamp).toBe(19_000);
  });

  it('waits for nothing once it is answered', async () => {
    const stage = createMachineStage();

    const running = stage.start(limited);
    await stage.settle();
    stage.interpreter.sendTaskSuccess('token-1', null);
    await running.result;

    expect(stage.waits()).toEqual([]);
    expect(stage.interpreter.openTokens).toBe(0);
  });
});

describe('runTask with a task that is none', () => {
  it.each([
    [
      { Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken' },
      "The resource 'arn:aws:states:::sqs:sendMessage.waitForTaskToken' is not known here.",
    ],
    [{ Arguments: { Payload: {} } }, 'The Arguments name no function to invoke.'],
    [{ Arguments: { FunctionName: 7 } }, 'The Arguments name no function to invoke.'],
  ])('fails %o as a runtime error that nothing catches', async (parts, text) => {
    const machine = aMachine({
      odd: aTokenTask({ ...parts, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'end' }] }),
      end: { Type: 'Succeed' },
    });

    const result = await createMachineStage().run(machine);

    expect(result).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: expect.stringContaining(text) as string,
    });
  });
});

describe('runTask with limits that expressions give', () => {
  it('times out after as many seconds, and tells them when it is scheduled', async () => {
    const stage = createMachineStage();
    const from = stage.clock.now();

    const result = await stage.run(
      aMachine({ slow: aTokenTask({ TimeoutSeconds: '{% $states.input.n * 2 %}', HeartbeatSeconds: '{% 60 %}' }) }),
      { n: 15 },
    );

    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(stage.clock.now() - from).toBe(30_000);
    expect(result.history.find(({ type }) => type === 'TaskScheduled')?.details).toMatchObject({
      timeoutInSeconds: 30,
      heartbeatInSeconds: 60,
    });
  });

  it('fails before anything is called when one is no number', async () => {
    const stage = createMachineStage();

    const result = await stage.run(aMachine({ slow: aTokenTask({ TimeoutSeconds: '{% "soon" %}' }) }));

    expect(result).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    expect(stage.calls).toEqual([]);
  });
});

describe('runTask with a function by its own ARN', () => {
  const Resource = 'arn:aws:lambda:us-east-1:111111111111:function:greet';

  it('gives the function its Arguments, and its answer as the result', async () => {
    const stage = createMachineStage({ functions: { [Resource]: ({ name }) => ({ hello: name! }) } });

    const result = await stage.run(aMachine({ greet: aCallTask({ Resource, Arguments: { name: 'you' } }) }));

    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { hello: 'you' } });
    expect(result.history.slice(2, 5).map(({ type, details }) => ({ type, details }))).toEqual([
      { type: 'LambdaFunctionScheduled', details: { input: { name: 'you' }, resource: Resource } },
      { type: 'LambdaFunctionStarted', details: {} },
      { type: 'LambdaFunctionSucceeded', details: { output: { hello: 'you' } } },
    ]);
  });

  it('fails with the name of what the function threw', async () => {
    const stage = createMachineStage({ functions: { [Resource]: () => Promise.reject(new TypeError('no name')) } });

    const result = await stage.run(aMachine({ greet: aCallTask({ Resource }) }));

    expect(result).toMatchObject({ status: 'FAILED', error: 'TypeError', cause: 'no name' });
    expect(typesOf(result)).toContain('LambdaFunctionFailed');
  });
});

describe('runTask with a stand-in', () => {
  const Resource = 'arn:aws:states:::aws-sdk:s3:getObject';

  it('asks it first, with the whole request, and takes its answer as the result', async () => {
    const requests: unknown[] = [];
    const stage = createMachineStage({
      standIn: (request) => {
        requests.push(request);
        return { response: Promise.resolve({ Body: 'text' }) };
      },
    });

    const result = await stage.run(aMachine({ read: aCallTask({ Resource, Arguments: { Key: 'a' } }) }));

    expect(requests).toEqual([{ state: 'read', resource: Resource, parameters: { Key: 'a' }, token: undefined }]);
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { Body: 'text' } });
    expect(result.history.find(({ type }) => type === 'TaskSucceeded')?.details).toEqual({
      resource: 'getObject',
      resourceType: 'aws-sdk:s3',
      output: { Body: 'text' },
    });
  });

  it('fails with the name of its rejection', async () => {
    const reason = Object.assign(new Error('no such key'), { name: 'S3.NoSuchKeyException' });
    const stage = createMachineStage({ standIn: () => ({ response: Promise.reject(reason) }) });

    const result = await stage.run(aMachine({ read: aCallTask({ Resource }) }));

    expect(result).toMatchObject({ status: 'FAILED', error: 'S3.NoSuchKeyException', cause: 'no such key' });
  });

  it('leaves to others what it does not answer', async () => {
    const stage = createMachineStage({ standIn: () => undefined, functions: { begin: () => 'called' } });

    const result = await stage.run(aMachine({ call: aCallTask({ Output: '{% $states.result.Payload %}' }) }));

    expect(result).toMatchObject({ output: 'called' });
  });

  it('submits, and ends when what it has started ends', async () => {
    const end = Promise.withResolvers<Json>();
    const stage = createMachineStage({ standIn: () => ({ response: Promise.resolve('started'), end: end.promise }) });
    const running = stage.start(aMachine({ run: aCallTask({ Resource: 'arn:aws:states:::ecs:runTask.sync' }) }));
    await stage.settle();

    end.resolve('ended');
    const result = await running.result;

    expect(result).toMatchObject({ status: 'SUCCEEDED', output: 'ended' });
    expect(result.history.find(({ type }) => type === 'TaskSubmitted')?.details).toMatchObject({ output: 'started' });
  });

  it('tells of an activity by the names that activities have', async () => {
    const stage = createMachineStage({ standIn: () => ({ response: Promise.resolve(1) }) });
    const activity = 'arn:aws:states:us-east-1:111111111111:activity:count';

    const result = await stage.run(aMachine({ count: aCallTask({ Resource: activity, Arguments: {} }) }));

    expect(typesOf(result)).toEqual(
      expect.arrayContaining(['ActivityScheduled', 'ActivityStarted', 'ActivitySucceeded']),
    );
  });
});
