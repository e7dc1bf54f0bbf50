interface FailureParts {
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  /** A second name that Retry and Catch may know the failure by. */
  readonly alias?: string;
}

/**
 * Why a state failed, as Retry, Catch and the end of the machine see it. It never leaves this room.
 * Both parts may be missing: Step Functions takes a SendTaskFailure, and a Fail state, without a name.
 */
export class StateFailure extends Error {
  override readonly name = 'StateFailure';
  readonly error: string | undefined;
  override readonly cause: string | undefined;
  readonly alias: string | undefined;

  constructor({ error, cause, alias }: FailureParts) {
    super(cause);
    this.error = error;
    this.cause = cause;
    this.alias = alias;
  }
}

/** AWS reports a missed heartbeat as States.Timeout too, but lets Retry and Catch tell the two apart. */
export function timeoutFailure(what: 'timeout' | 'heartbeat'): StateFailure {
  return new StateFailure({
    error: 'States.Timeout',
    ...(what === 'heartbeat' && { alias: 'States.HeartbeatTimeout' }),
  });
}

export function tooLargeFailure(what: string): StateFailure {
  const cause = `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`;
  return new StateFailure({ error: 'States.DataLimitExceeded', cause });
}

/** What a rejected invocation is called. Lambda itself answers with the class name of what the function threw. */
export function invocationFailure(reason: unknown): StateFailure {
  if (reason instanceof Error) return new StateFailure({ error: reason.name, cause: reason.message });
  return new StateFailure({ error: 'Lambda.Unknown', cause: String(reason) });
}

/** Ends of the machine that no wildcard stops. */
const terminal: ReadonlySet<string | undefined> = new Set(['States.DataLimitExceeded', 'States.Runtime']);

function matchesName(name: string, { error, alias }: StateFailure): boolean {
  if (name === 'States.ALL') return !terminal.has(error);
  if (name === 'States.TaskFailed' && error !== 'States.Timeout' && !terminal.has(error)) return true;
  return name === error || name === alias;
}

/** Does an ErrorEquals list name the failure? */
export function matchesError(names: readonly string[], failure: StateFailure): boolean {
  return failure.error !== 'States.Runtime' && names.some((name) => matchesName(name, failure));
}
