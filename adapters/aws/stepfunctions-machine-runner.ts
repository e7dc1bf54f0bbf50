import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { InvariantError } from '../../core/errors/index.ts';
import { executionId, taskPath, type ExecutionId } from '../../core/ids/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { LedgerStore, LedgerWrite, MachineRunner } from '../../core/ports/index.ts';
import type { ParkedEntry } from '../../core/execution/index.ts';
import type { MachineRegistry, RunnableMachines } from './dynamo-machine-registry.ts';
import { toEngineError } from './sdk-error.ts';
import { machineRefusals } from './stepfunctions-refusals.ts';

export interface MachineRunnerDeps {
  readonly client: Pick<SFNClient, 'send'>;
  readonly registry: MachineRegistry;
  readonly ledger: Pick<LedgerStore, 'commit' | 'findExecution' | 'listParked'>;
}

/** What Step Functions knows of an execution's machine. */
export type MachineStatus = 'missing' | 'running' | 'ended';

export interface StepFunctionsMachineRunner extends MachineRunner {
  /** Starts the executions that were accepted before their version had machines; to be called once it has. */
  startWaiting(version: Version): Promise<number>;
  statusOf(execution: ExecutionId): Promise<MachineStatus>;
  /** Executions of the version whose machines run, newest first, 1,000 at the most. */
  listRunning(version: Version): Promise<readonly ExecutionId[]>;
}

interface Version {
  readonly name: string;
  readonly version: string;
}

/** Executions that are started at once when their version's machines come; those beyond are started by the sweeper. */
const MOST_WAITING = 1_000;
/** Of one list (Step Functions' limit). */
const MOST_LISTED = 1_000;
/** A commit of one entry that nobody else writes is only ever lost to a transaction on its way. */
const TRIES = 10;

/**
 * Executions of compiled machines, each under the name of its execution: so a start that is repeated is the same start.
 * An execution of a version whose machines are still to come is accepted, and waits: whoever starts puts its entry, then looks for
 * the machines; whoever has made machines marks them, then looks for entries. One of the two sees the other.
 */
export function createStepFunctionsMachineRunner(deps: MachineRunnerDeps): StepFunctionsMachineRunner {
  const { registry, ledger } = deps;
  const known = new Map<string, RunnableMachines>();
  const find = async ({ name, version }: Version): Promise<RunnableMachines | undefined> => {
    const key = `${name}\n${version}`;
    const machines = known.get(key) ?? (await registry.findMachines(name, version));
    if (machines) known.set(key, machines);
    return machines;
  };
  const findArn = async (execution: ExecutionId): Promise<string | undefined> => {
    const record = await ledger.findExecution(execution);
    const machines = record && (await find({ name: record.workflow, version: record.version }));
    return machines && executionArn(machines.machineArn, execution);
  };

  return {
    async start(execution, version, input) {
      const machines = await find(version);
      if (machines) return startMachine(deps, machines, execution, input);
      const entry = entryOf(version, execution);
      await write(ledger, { kind: 'park', entry });
      const made = await find(version);
      if (!made) return;
      await startMachine(deps, made, execution, input);
      await write(ledger, { kind: 'unpark', entry });
    },
    async startWaiting(version) {
      const machines = await find(version);
      if (!machines) throw notRunnable(version);
      const entries = await ledger.listParked(queueOf(version), MOST_WAITING);
      for (const entry of entries) {
        await startMachine(deps, machines, entry.execution, {});
        await write(ledger, { kind: 'unpark', entry });
      }
      return entries.length;
    },
    async stop(execution, cause) {
      const executionArn = await findArn(execution);
      if (executionArn === undefined) return;
      const stopping = deps.client.send(new StopExecutionCommand({ executionArn, cause }));
      await unless(['ExecutionDoesNotExist'], stopping);
    },
    async statusOf(execution) {
      const executionArn = await findArn(execution);
      if (executionArn === undefined) return 'missing';
      const described = await unless(
        ['ExecutionDoesNotExist'],
        deps.client.send(new DescribeExecutionCommand({ executionArn })),
      );
      if (!described) return 'missing';
      return described.status === 'RUNNING' ? 'running' : 'ended';
    },
    async listRunning(version) {
      const machines = await find(version);
      return machines ? listRunning(deps, machines) : [];
    },
  };
}

async function listRunning(
  { client }: MachineRunnerDeps,
  { machineArn: stateMachineArn }: RunnableMachines,
): Promise<readonly ExecutionId[]> {
  const command = new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', maxResults: MOST_LISTED });
  const listed = await unless(['StateMachineDoesNotExist'], client.send(command));
  return (listed?.executions ?? []).map(({ name = '' }) => executionId(name));
}

async function startMachine(
  { client }: MachineRunnerDeps,
  { machineArn: stateMachineArn }: RunnableMachines,
  name: ExecutionId,
  input: Json,
): Promise<void> {
  const starting = client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
  // It runs with another input, or has ended already.
  await unless(['ExecutionAlreadyExists'], starting);
}

/** The answer, or undefined for an error that only says that there is nothing left to do. */
async function unless<Answer>(harmless: readonly string[], asking: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof Error && harmless.includes(error.name)) return undefined;
    throw toEngineError(error, { code: 'machines', name: 'Step Functions', refusals: machineRefusals });
  }
}

function executionArn(machineArn: string, execution: ExecutionId): string {
  return `${machineArn.replace(':stateMachine:', ':execution:')}:${execution}`;
}

function queueOf({ name, version }: Version): string {
  return `machines#${name}#${version}`;
}

/** The same however often the execution is started: without a time of its own. Ids sort by their time. */
function entryOf(version: Version, execution: ExecutionId): ParkedEntry {
  return { key: queueOf(version), execution, path: taskPath(''), arrival: 0 };
}

async function write(ledger: Pick<LedgerStore, 'commit'>, entry: LedgerWrite): Promise<void> {
  for (let left = TRIES; left > 0; left -= 1) if ((await ledger.commit([entry])) === 'committed') return;
  throw new InvariantError({ code: 'no_progress', message: `An entry of a waiting execution lost ${TRIES} rounds.` });
}

function notRunnable({ name, version }: Version): InvariantError {
  return new InvariantError({ code: 'not_runnable', message: `${name} ${version} has no machines to start.` });
}
