import { CreateStateMachineCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import {
  createMachineNames,
  createStepFunctionsMachineRunner,
  createStepFunctionsMachines,
  createStepFunctionsTaskTokens,
  type MachineRegistry,
  type RunnableMachines,
} from '../../../adapters/aws/index.ts';
import { createMemoryLedgerStore } from '../../../adapters/embedded/index.ts';
import type { ExecutionRecord } from '../../../core/execution/index.ts';
import { executionId, type ExecutionId } from '../../../core/ids/index.ts';
import type { JsonObject } from '../../../core/json/index.ts';
import { machineRunnerContract } from '../../contract/machine-runner.contract.ts';
import { taskTokensContract } from '../../contract/task-tokens.contract.ts';
import { createFakeStepFunctions } from '../../local/fake-step-functions.ts';
import { createSimulatedWorld } from '../../makers/simulated-world.ts';
import { awsError, sentCommands } from './sent-commands.ts';

const version = { name: 'w', version: '1' };
const machineArn = 'arn:aws:states:eu-west-1:111111111111:stateMachine:w';

/** One state, which waits with a token; how it ended is the machine's output. */
const machine: JsonObject = {
  QueryLanguage: 'JSONata',
  StartAt: 'wait',
  States: {
    wait: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: {
        FunctionName: 'f',
        Payload: { name: '{% $states.context.Execution.Name %}', token: '{% $states.context.Task.Token %}' },
      },
      Output: '{% {"output": $states.result} %}',
      Catch: [
        {
          ErrorEquals: ['States.ALL'],
          Output: '{% {"error": $states.errorOutput.Error, "cause": $states.errorOutput.Cause} %}',
          Next: 'told',
        },
      ],
      End: true,
    },
    told: { Type: 'Succeed' },
  },
};

function createRegistry(known: Readonly<Record<string, RunnableMachines>> = {}): MachineRegistry {
  const machines = new Map(Object.entries(known));
  return {
    markRunnable: async (name, of, made) => void machines.set(`${name} ${of}`, made),
    findMachines: async (name, of) => machines.get(`${name} ${of}`),
  };
}

const anExecution = (id: ExecutionId): ExecutionRecord => ({
  id,
  tenant: 't',
  workflow: 'w',
  version: '1',
  status: 'planning',
  input: { inline: {} },
  startedAt: 0,
  deadline: 1,
  lamport: 1,
  events: 1,
  revision: 1,
});

/** The fake's machines run by the interpreter, in a world whose time passes when nothing else can happen. */
async function openStepFunctions() {
  const world = createSimulatedWorld({
    createAgents: () => {
      throw new Error('no agents here');
    },
  });
  const tokens = new Map<string, string>();
  const begun: string[] = [];
  const fake = createFakeStepFunctions({
    ...world,
    random: () => 0.5,
    invoke: async (_name, payload) => {
      const { name, token } = payload as { name: string; token: string };
      begun.push(name);
      tokens.set(name, token);
      return {};
    },
  });
  await fake.client.send(
    new CreateStateMachineCommand({ name: 'w', definition: JSON.stringify(machine), roleArn: 'r' }),
  );
  const ledger = createMemoryLedgerStore();
  const registry = createRegistry({ 'w 1': { machineArn, partArns: [] } });
  const runner = createStepFunctionsMachineRunner({ client: fake.client, registry, ledger });
  const quiet = async (): Promise<void> => {
    let isOver = false;
    world.schedule(world.clock.now() + 1, () => (isOver = true));
    await world.runUntil(() => isOver);
  };
  return { fake, ledger, runner, tokens, begun, quiet };
}

machineRunnerContract('createStepFunctionsMachineRunner', async () => {
  const { fake, ledger, runner, tokens, begun, quiet } = await openStepFunctions();
  const taskTokens = createStepFunctionsTaskTokens({ client: fake.client });
  return {
    version,
    begun,
    runner: {
      start: async (execution, of, input) => {
        await ledger.commit([{ kind: 'execution', record: anExecution(execution) }]);
        await runner.start(execution, of, input);
        await quiet();
      },
      stop: async (execution, cause) => {
        await runner.stop(execution, cause);
        await quiet();
      },
    },
    goOn: async (execution) => {
      await taskTokens.succeed(tokens.get(execution) ?? '', {});
      await quiet();
    },
    status: async (execution) => fake.status(execution),
  };
});

taskTokensContract('createStepFunctionsTaskTokens', () => {
  const opened = openStepFunctions();
  let count = 0;
  const tokens = async () => createStepFunctionsTaskTokens({ client: (await opened).fake.client });
  return {
    tokens: {
      succeed: async (token, output) => (await tokens()).succeed(token, output),
      fail: async (token, error, cause) => (await tokens()).fail(token, error, cause),
    },
    async wait() {
      const { runner, tokens: waiting, quiet } = await opened;
      const name = executionId(`exec_${(count += 1)}`);
      await runner.start(name, version, {});
      await quiet();
      return waiting.get(name) ?? '';
    },
    async ended(token) {
      const { fake, tokens: waiting, quiet } = await opened;
      await quiet();
      const name = [...waiting].find(([, its]) => its === token)?.[0] ?? '';
      return fake.output(name);
    },
  };
});

describe('createStepFunctionsMachineRunner', () => {
  const id = executionId('exec_1');

  it('lets an execution wait whose version has no machines yet, and starts it once they are there', async () => {
    const registry = createRegistry();
    const ledger = createMemoryLedgerStore();
    const { client, sent } = sentCommands<SFNClient>();
    const runner = createStepFunctionsMachineRunner({ client, registry, ledger });
    await runner.start(id, version, {});
    await runner.start(id, version, {});
    expect(sent).toEqual([]);

    await registry.markRunnable('w', '1', { machineArn, partArns: [] });

    expect(await runner.startWaiting(version)).toBe(1);
    expect(sent).toEqual([
      { name: 'StartExecutionCommand', input: { stateMachineArn: machineArn, name: id, input: '{}' } },
    ]);
    expect(await runner.startWaiting(version)).toBe(0);
  });

  it('starts an execution whose machines have come while it was put among those that wait', async () => {
    const registry = createRegistry();
    const memory = createMemoryLedgerStore();
    const ledger: typeof memory = {
      ...memory,
      commit: async (writes) => {
        await registry.markRunnable('w', '1', { machineArn, partArns: [] });
        return memory.commit(writes);
      },
    };
    const { client, sent } = sentCommands<SFNClient>();
    const runner = createStepFunctionsMachineRunner({ client, registry, ledger });

    await runner.start(id, version, {});

    expect(sent.map(({ name }) => name)).toEqual(['StartExecutionCommand']);
    expect(await runner.startWaiting(version)).toBe(0);
  });

  it('takes a name that is in use for the same start', async () => {
    const { client } = sentCommands<SFNClient>(() => {
      throw awsError('ExecutionAlreadyExists');
    });
    const registry = createRegistry({ 'w 1': { machineArn, partArns: [] } });
    const runner = createStepFunctionsMachineRunner({ client, registry, ledger: createMemoryLedgerStore() });

    await expect(runner.start(id, version, {})).resolves.toBeUndefined();
  });

  it.each([
    ['ThrottlingException', { name: 'UnavailableError', code: 'machines_unavailable' }],
    ['ExecutionLimitExceeded', { name: 'UnavailableError', code: 'machines_unavailable' }],
    ['StateMachineDoesNotExist', { name: 'InvariantError', code: 'machines_refused' }],
    ['AccessDeniedException', { name: 'InvariantError', code: 'machines_refused' }],
  ])('says what %s means', async (name, expected) => {
    const { client } = sentCommands<SFNClient>(() => {
      throw awsError(name);
    });
    const registry = createRegistry({ 'w 1': { machineArn, partArns: [] } });
    const runner = createStepFunctionsMachineRunner({ client, registry, ledger: createMemoryLedgerStore() });

    await expect(runner.start(id, version, {})).rejects.toMatchObject(expected);
  });

  it('says of a machine whether it runs, has ended, or was never there', async () => {
    const { runner, ledger, fake, tokens, quiet } = await openStepFunctions();
    expect(await runner.statusOf(id)).toBe('missing');
    await ledger.commit([{ kind: 'execution', record: anExecution(id) }]);
    expect(await runner.statusOf(id)).toBe('missing');
    await runner.start(id, version, {});
    expect(await runner.statusOf(id)).toBe('running');
    expect(await runner.listRunning(version)).toEqual([id]);

    await quiet();
    await createStepFunctionsTaskTokens({ client: fake.client }).succeed(tokens.get(id) ?? '', {});
    await quiet();

    expect(await runner.statusOf(id)).toBe('ended');
    expect(await runner.listRunning(version)).toEqual([]);
    expect(await runner.listRunning({ name: 'x', version: '1' })).toEqual([]);
  });
});

describe('createStepFunctionsTaskTokens', () => {
  it('cuts a cause to what Step Functions takes, and tells of answers that were heard', async () => {
    const heard: string[] = [];
    const { client, sent } = sentCommands<SFNClient>((_input, count) => {
      if (count === 2) throw awsError('TaskTimedOut');
      return {};
    });
    const tokens = createStepFunctionsTaskTokens({ client, onAnswer: (token) => heard.push(token) });

    await tokens.fail('a', 'TaskFailed', 'x'.repeat(40_000));
    await tokens.succeed('b', {});

    expect(sent[0]?.input['cause']).toHaveLength(32_768);
    expect(heard).toEqual(['a']);
  });

  it.each(['InvalidToken', 'TaskDoesNotExist', 'TaskTimedOut'])('answers false for %s', async (name) => {
    const { client } = sentCommands<SFNClient>(() => {
      throw awsError(name);
    });

    expect(await createStepFunctionsTaskTokens({ client }).succeed('a', {})).toBe(false);
  });

  it('throws UnavailableError when nobody knows whether the answer was heard', async () => {
    const { client } = sentCommands<SFNClient>(() => {
      throw awsError('TimeoutError');
    });

    await expect(createStepFunctionsTaskTokens({ client }).succeed('a', {})).rejects.toMatchObject({
      name: 'UnavailableError',
    });
  });
});

describe('createStepFunctionsMachines', () => {
  const wanted = {
    name: 'w',
    arn: machineArn,
    definition: { StartAt: 'a', States: {} },
    tags: { 'skein:tenant': 't' },
  };

  it('makes a machine under the role, with its tags', async () => {
    const { client, sent } = sentCommands<SFNClient>();

    await createStepFunctionsMachines({ client, roleArn: 'role' }).create(wanted);

    expect(sent).toEqual([
      {
        name: 'CreateStateMachineCommand',
        input: {
          name: 'w',
          roleArn: 'role',
          type: 'STANDARD',
          definition: '{"StartAt":"a","States":{}}',
          tags: [{ key: 'skein:tenant', value: 't' }],
        },
      },
    ]);
  });

  it('lets a machine log and be traced where it is told a log group, without what states are given', async () => {
    const { client, sent } = sentCommands<SFNClient>();
    const logGroupArn = 'arn:aws:logs:eu-west-1:1:log-group:/skein';

    await createStepFunctionsMachines({ client, roleArn: 'role', logGroupArn }).create(wanted);

    expect(sent[0]?.input).toMatchObject({
      tracingConfiguration: { enabled: true },
      loggingConfiguration: {
        includeExecutionData: false,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: `${logGroupArn}:*` } }],
      },
    });
  });

  it.each([
    ['the same machine with other tags', { definition: '{"States":{},"StartAt":"a"}', roleArn: 'role' }, undefined],
    ['another machine', { definition: '{"StartAt":"b","States":{}}', roleArn: 'role' }, 'machine_differs'],
    ['one under another role', { definition: '{"StartAt":"a","States":{}}', roleArn: 'admin' }, 'machine_differs'],
  ])('meets %s of the same name', async (_what, found, code) => {
    const { client } = sentCommands<SFNClient>((_input, count) => {
      if (count === 1) throw awsError('StateMachineAlreadyExists');
      return found;
    });

    const made = createStepFunctionsMachines({ client, roleArn: 'role' }).create(wanted);

    if (code === undefined) await expect(made).resolves.toBeUndefined();
    else await expect(made).rejects.toMatchObject({ name: 'InvariantError', code });
  });
});

describe('createMachineNames', () => {
  const place = {
    tenant: 't',
    region: 'eu-west-1',
    roleArn: 'arn:aws-cn:iam::111111111111:role/machines',
    prefix: 'skein-dev-',
    functions: { begin: 'b', dispatch: 'd', conclude: 'c' },
  };
  const of = { name: 'code_review', version: '1.2.0+draft', digest: 'd'.repeat(64) };

  it('names machines by what they are, in letters that everything takes', () => {
    const names = createMachineNames(place);

    expect(names.nameOf(of)).toMatch(/^skein-dev-code_review-1-2-0-draft-[0-9a-v]{8}$/);
    expect(names.nameOf(of, 12)).toBe(`${names.nameOf(of)}-12`);
    expect(names.arnOf(of)).toBe(`arn:aws-cn:states:eu-west-1:111111111111:stateMachine:${names.nameOf(of)}`);
  });

  it('never needs more than 80 characters, and keeps the hash', () => {
    const long = { ...of, name: 'w'.repeat(200) };
    const name = createMachineNames(place).nameOf(long, 3);

    expect(name).toHaveLength(80);
    expect(name).toMatch(/-[0-9a-v]{8}-3$/);
  });

  it('gives another name for another content, tenant, role, version or function', () => {
    const others = [
      createMachineNames(place).nameOf(of),
      createMachineNames(place).nameOf({ ...of, digest: 'e' }),
      createMachineNames(place).nameOf({ ...of, version: '1.2.0-draft' }),
      createMachineNames({ ...place, tenant: 'u' }).nameOf(of),
      createMachineNames({ ...place, roleArn: `${place.roleArn}2` }).nameOf(of),
      createMachineNames({ ...place, functions: { ...place.functions, dispatch: 'd2' } }).nameOf(of),
    ];

    expect(new Set(others).size).toBe(others.length);
  });
});
