import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ListExecutionsCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { parseJson, type Json } from '../../core/json/index.ts';
import type { Clock } from '../../core/ports/index.ts';
import {
  createInterpreter,
  type InterpreterOptions,
  type Machine,
  type RunningMachine,
} from '../../local/interpreter/index.ts';

interface StoredMachine {
  readonly definition: string;
  readonly roleArn: string;
}

interface StoredExecution {
  readonly machine: string;
  readonly input: string;
  readonly running: RunningMachine;
  status: string;
  output?: Json;
}

export interface FakeStepFunctions {
  /** As a client of the SDK: takes its commands and throws its errors. */
  readonly client: Pick<SFNClient, 'send'>;
  readonly machines: ReadonlyMap<string, StoredMachine>;
  /** Names of executions whose machines run. */
  running(): readonly string[];
  status(name: string): string | undefined;
  /** Of one that has succeeded. */
  output(name: string): Json | undefined;
  /** As a person does it in the console. */
  stop(name: string): void;
}

export interface FakeStepFunctionsOptions extends Pick<InterpreterOptions, 'schedule' | 'invoke' | 'random'> {
  readonly clock: Clock;
}

const PLACE = 'arn:aws:states:eu-west-1:111111111111';

/** Step Functions as our adapters know it, its machines run by the embedded interpreter. */
export function createFakeStepFunctions(options: FakeStepFunctionsOptions): FakeStepFunctions {
  const machines = new Map<string, StoredMachine>();
  const executions = new Map<string, StoredExecution>();
  let tokens = 0;
  const read = (arn: string) => {
    const stored = machines.get(arn);
    if (!stored) return undefined;
    // Compiled by us: it is what the interpreter reads.
    const machine = parseJson(stored.definition) as unknown as Machine;
    return { machine, machineName: arn.slice(arn.lastIndexOf(':') + 1) };
  };
  const interpreter = createInterpreter({
    ...options,
    keepHistory: false,
    newToken: () => `token-${(tokens += 1)}`,
    findMachine: read,
  });
  const arnOf = (machine: string, name: string) => `${machine.replace(':stateMachine:', ':execution:')}:${name}`;

  function start(stateMachineArn: string, name: string, input: string): object {
    const executionArn = arnOf(stateMachineArn, name);
    const known = executions.get(executionArn);
    if (known) {
      if (known.status === 'RUNNING' && known.input === input) return { executionArn };
      throw awsError('ExecutionAlreadyExists');
    }
    const machine = read(stateMachineArn);
    if (!machine) throw awsError('StateMachineDoesNotExist');
    const running = interpreter.start({ ...machine, name, input: parseJson(input) });
    const execution: StoredExecution = { machine: stateMachineArn, input, running, status: 'RUNNING' };
    executions.set(executionArn, execution);
    void running.result.then((result) => Object.assign(execution, result));
    return { executionArn };
  }
  function create({ name = '', definition = '', roleArn = '' }: CreateStateMachineCommand['input']): object {
    const stateMachineArn = `${PLACE}:stateMachine:${name}`;
    const known = machines.get(stateMachineArn);
    if (known && known.definition !== definition) throw awsError('StateMachineAlreadyExists');
    if (!known) machines.set(stateMachineArn, { definition, roleArn });
    return { stateMachineArn };
  }
  const execution = (arn = ''): StoredExecution => {
    const found = executions.get(arn);
    if (found) return found;
    throw awsError('ExecutionDoesNotExist');
  };
  const told = (answer: string): object => {
    if (answer === 'ok') return {};
    throw awsError('TaskTimedOut');
  };

  async function answer(command: unknown): Promise<unknown> {
    if (command instanceof StartExecutionCommand) {
      const { stateMachineArn = '', name = '', input = '{}' } = command.input;
      return start(stateMachineArn, name, input);
    }
    if (command instanceof SendTaskSuccessCommand) {
      const { taskToken = '', output = 'null' } = command.input;
      return told(interpreter.sendTaskSuccess(taskToken, parseJson(output)));
    }
    if (command instanceof SendTaskFailureCommand) {
      const { taskToken = '', error, cause } = command.input;
      return told(interpreter.sendTaskFailure(taskToken, error, cause));
    }
    if (command instanceof StopExecutionCommand) {
      execution(command.input.executionArn).running.stop(command.input.cause ?? '');
      return {};
    }
    if (command instanceof DescribeExecutionCommand) return { status: execution(command.input.executionArn).status };
    if (command instanceof ListExecutionsCommand) {
      const { stateMachineArn } = command.input;
      const running = [...executions.values()].filter(
        (it) => it.machine === stateMachineArn && it.status === 'RUNNING',
      );
      return { executions: running.map((it) => ({ name: it.running.name })) };
    }
    if (command instanceof CreateStateMachineCommand) return create(command.input);
    if (command instanceof DescribeStateMachineCommand) {
      const found = machines.get(command.input.stateMachineArn ?? '');
      if (found) return found;
      throw awsError('StateMachineDoesNotExist');
    }
    throw new Error(`the fake Step Functions knows no ${String(command)}`);
  }
  const named = (name: string) => [...executions.values()].find(({ running }) => running.name === name);
  return {
    // A casting boundary: the SDK's client has an overload for each of its commands.
    client: { send: answer },
    machines,
    running: () =>
      [...executions.values()].flatMap(({ status, running }) => (status === 'RUNNING' ? running.name : [])),
    status: (name) => named(name)?.status,
    output: (name) => named(name)?.output,
    stop: (name) => named(name)?.running.stop('by hand'),
  };
}

export function awsError(name: string): Error {
  return Object.assign(new Error(`${name}: said by a fake`), { name });
}
