import { describe, expect, it } from 'vitest';
import { createMachineNames, type Machines } from '../../../adapters/aws/index.ts';
import { createMemoryAgentTypeStore } from '../../../adapters/embedded/index.ts';
import { UnavailableError } from '../../../core/errors/index.ts';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { taskPath, executionId } from '../../../core/ids/index.ts';
import type { PublishedWorkflow } from '../../../core/ports/index.ts';
import { makeMachines, type MachinePress } from '../../../functions/compile-workflow/make-machines.ts';
import { publishDefinition } from '../../../functions/compile-workflow/publish-definition.ts';
import { sentCommands } from '../../adapters/aws/sent-commands.ts';
import { createFakeRuntime, memoryTenantStores } from '../fake-runtime.ts';

const functions = { begin: 'arn:begin', dispatch: 'arn:dispatch', conclude: 'arn:conclude' };
const version = { tenant: 'acme', workflow: 'review', version: '1' };

function open(create: Machines['create'] = async () => undefined) {
  const stores = memoryTenantStores();
  const { runtime, clock, counted } = createFakeRuntime();
  const { client, sent } = sentCommands<SFNClient>();
  const made: Parameters<Machines['create']>[0][] = [];
  const namesOf = (tenant: string) =>
    createMachineNames({ tenant, region: 'r', roleArn: 'arn:aws:iam::1:role/m', prefix: 'skein-', functions });
  const press: MachinePress = {
    stores: () => stores,
    machines: {
      create: async (machine) => {
        made.push(machine);
        await create(machine);
      },
    },
    client,
    namesOf,
    functions,
    clock,
    report: runtime.report,
  };
  return { press, stores, made, sent, counted, names: namesOf('acme') };
}

const aVersion = (change: Partial<PublishedWorkflow> = {}): PublishedWorkflow => ({
  name: 'review',
  version: '1',
  digest: 'd',
  plan: {} as never,
  machine: { StartAt: 'root' },
  agentTypes: {},
  publishedAt: 0,
  ...change,
});

describe('makeMachines', () => {
  it('makes the parts before the machine that names them, each with its tags, then marks the version', async () => {
    const { press, stores, made, names, counted } = open();
    const workflow = aVersion({ parts: [{ StartAt: 'p0' }, { StartAt: 'p1' }] });
    await stores.definitions.publish(workflow);

    const answer = await makeMachines(press, version);

    expect(made.map(({ name, definition }) => [name, definition])).toEqual([
      [names.nameOf(workflow, 0), { StartAt: 'p0' }],
      [names.nameOf(workflow, 1), { StartAt: 'p1' }],
      [names.nameOf(workflow), { StartAt: 'root' }],
    ]);
    expect(made[2]?.tags).toEqual({ 'skein:tenant': 'acme', 'skein:workflow': 'review', 'skein:version': '1' });
    expect(await stores.machines.findMachines('review', '1')).toEqual({
      machineArn: names.arnOf(workflow),
      partArns: [names.arnOf(workflow, 0), names.arnOf(workflow, 1)],
    });
    expect(answer).toEqual({ ...version, machineArn: names.arnOf(workflow), started: 0 });
    expect(counted).toEqual({ MachinesCreated: 3 });
  });

  it('makes nothing twice', async () => {
    const { press, stores, made } = open();
    await stores.definitions.publish(aVersion());

    await makeMachines(press, version);
    await makeMachines(press, version);

    expect(made).toHaveLength(1);
  });

  it('starts the executions that had waited', async () => {
    const { press, stores, sent } = open();
    await stores.definitions.publish(aVersion());
    const entry = { key: 'machines#review#1', execution: executionId('exec_1'), path: taskPath(''), arrival: 0 };
    await stores.ledger.commit([{ kind: 'park', entry }]);

    expect(await makeMachines(press, version)).toMatchObject({ started: 1 });
    expect(sent).toMatchObject([{ name: 'StartExecutionCommand', input: { name: 'exec_1' } }]);
  });

  it('does not mark a version whose machine could not be made', async () => {
    const { press, stores } = open(() =>
      Promise.reject(new UnavailableError({ code: 'machines_unavailable', message: 'slow down' })),
    );
    await stores.definitions.publish(aVersion());

    await expect(makeMachines(press, version)).rejects.toMatchObject({ code: 'machines_unavailable' });
    expect(await stores.machines.findMachines('review', '1')).toBeUndefined();
  });

  it('refuses a version that is not published', async () => {
    await expect(makeMachines(open().press, version)).rejects.toMatchObject({ code: 'workflow_not_found' });
  });

  it('keeps tags in the letters that AWS takes', async () => {
    const { press, stores, made } = open();
    await stores.definitions.publish(aVersion({ version: '1 (draft) ✓' }));

    await makeMachines(press, { ...version, version: '1 (draft) ✓' });

    expect(made[0]?.tags['skein:version']).toBe('1 -draft- -');
  });
});

describe('publishDefinition', () => {
  const definition = `
workflow:
  name: review
  version: "1"
  agents: { linter: { type: linter } }
  tasks: [{ id: lint, agent: linter }]
`;
  const agents = 'agent_types: { linter: { runtime: lambda, function: lint } }';

  it('compiles a definition with the agents that come with it, and publishes it linked', async () => {
    const { press, stores } = open();

    expect(await publishDefinition(press, { tenant: 'acme', definition, agents })).toEqual(version);

    const stored = await stores.definitions.find('review', '1');
    expect(stored?.agentTypes).toMatchObject({ linter: { runtime: 'lambda', functionArn: 'lint' } });
    expect(JSON.stringify(stored?.machine)).toContain('arn:dispatch');
  });

  it('knows the agents that are registered', async () => {
    const { press, stores } = open();
    const agentTypes = createMemoryAgentTypeStore();
    const agentType = { name: 'linter', runtime: 'lambda', functionArn: 'f', capabilities: [] } as const;
    await agentTypes.put({ agentType, registeredAt: 0, registeredBy: 'me' });
    const known = { ...press, stores: () => ({ ...stores, agentTypes }) };

    expect(await publishDefinition(known, { tenant: 'acme', definition })).toEqual(version);
  });

  it.each([
    ['a definition', { definition: 'workflow: 1' }, 'DEF112'],
    ['agents', { definition, agents: 'agent_types: 1' }, 'DEF112'],
    ['the agents of a definition', { definition }, 'linter'],
  ])('says what is wrong with %s', async (_what, asked, said) => {
    const { press } = open();

    await expect(publishDefinition(press, { tenant: 'acme', ...asked })).rejects.toMatchObject({
      name: 'InvalidRequestError',
      code: 'definition_invalid',
      message: expect.stringContaining(said) as string,
    });
  });
});
