import type { Json } from '../../core/json/index.ts';
import { BranchRun } from './branch-run.ts';
import { exceedsDataLimit } from './data-limit.ts';
import { executionArn, executionContext } from './execution-context.ts';
import { createExpressions } from './expressions.ts';
import { createHistory, detailsOf } from './history.ts';
import type { Cancel, InterpreterOptions } from './interpreter-options.ts';
import type { Machine } from './machine.ts';
import { createPacer } from './pacer.ts';
import { runBranch } from './run-branch.ts';
import type { MachineEnd, MachineResult, MachineStart, RunningMachine } from './running-machine.ts';
import { StateFailure, tooLargeFailure } from './state-failure.ts';
import type { Surroundings } from './state-visit.ts';
import { createTaskTokens, type TokenAnswer } from './task-tokens.ts';

export interface Interpreter {
  start(start: MachineStart): RunningMachine;
  sendTaskSuccess(token: string, output: Json): TokenAnswer;
  sendTaskFailure(token: string, error?: string, cause?: string): TokenAnswer;
  sendTaskHeartbeat(token: string): TokenAnswer;
  /** Tokens that could still be answered. */
  readonly openTokens: number;
}

/** What the machines of one interpreter share. */
type Shared = Omit<Surroundings, 'context'>;

export function createInterpreter(options: InterpreterOptions): Interpreter {
  const tokens = createTaskTokens();
  const shared: Shared = {
    options,
    tokens,
    evaluate: createExpressions(options),
    pacer: createPacer(options),
    startMachine: (start) => startMachine(start, shared),
  };
  return {
    start: shared.startMachine,
    sendTaskSuccess: (token, output) => tokens.succeed(token, output),
    sendTaskFailure: (token, error, cause) => tokens.fail(token, error, cause),
    sendTaskHeartbeat: (token) => tokens.beat(token),
    get openTokens() {
      return tokens.size;
    },
  };
}

function startMachine(start: MachineStart, shared: Shared): RunningMachine {
  const { options } = shared;
  const { keepHistory = true, onHistory } = options;
  const history = createHistory({
    now: () => options.clock.now(),
    keep: keepHistory,
    onEvent: onHistory && ((event) => onHistory(event, start.name)),
  });
  history.record('ExecutionStarted', 0, { input: start.input });
  // AWS chains the first state to nothing, not to the start's own event.
  const run = new BranchRun(history, 0);
  const ended = Promise.withResolvers<MachineResult>();
  let isOver = false;
  const end = (result: MachineEnd): void => {
    isOver = true;
    stopClock();
    ended.resolve({ ...result, history: history.events });
  };
  /** Ends the machine from outside. */
  const cut = (event: 'ExecutionAborted' | 'ExecutionTimedOut', result: MachineEnd): void => {
    if (isOver) return;
    run.abort();
    const { status: _status, ...details } = result;
    history.record(event, run.lastEvent, details);
    end(result);
  };
  const stopClock = startClock(start.machine, options, () => {
    cut('ExecutionTimedOut', { status: 'TIMED_OUT', error: 'States.Timeout' });
  });

  const surroundings = { ...shared, context: executionContext(start, options.clock.now(), options.home) };
  void runMachine(start, run, surroundings).then((result) => result && end(result));
  return {
    arn: executionArn(start, options.home),
    name: start.name,
    result: ended.promise,
    stop: (cause) => cut('ExecutionAborted', { status: 'ABORTED', cause }),
  };
}

/** The machine's own timeout, where it has one. Answers what stops the clock. */
function startClock({ TimeoutSeconds }: Machine, { clock, schedule }: InterpreterOptions, expire: () => void): Cancel {
  if (TimeoutSeconds === undefined) return () => undefined;
  return schedule(clock.now() + TimeoutSeconds * 1000, expire);
}

/** Undefined when the machine was stopped while it ran: then its end has been told already. */
async function runMachine(
  { machine, input }: MachineStart,
  run: BranchRun,
  surroundings: Surroundings,
): Promise<MachineEnd | undefined> {
  try {
    // Nothing of a machine happens before `start` has returned it.
    await Promise.resolve();
    if (exceedsDataLimit(input)) throw tooLargeFailure(machine.StartAt);
    const output = await runBranch({ surroundings, branch: machine, run, input, variables: {} });
    run.record('ExecutionSucceeded', { output });
    return { status: 'SUCCEEDED', output };
  } catch (thrown) {
    if (run.isAborted) return undefined;
    const { error, cause } = thrown instanceof StateFailure ? thrown : runtimeFailure(thrown);
    run.record('ExecutionFailed', detailsOf({ error, cause }));
    return { status: 'FAILED', ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
  }
}

/** A machine that is no machine, or a bug of ours: no Retry or Catch sees it, as with AWS's own runtime errors. */
function runtimeFailure(thrown: unknown): StateFailure {
  return new StateFailure({ error: 'States.Runtime', cause: String(thrown) });
}
