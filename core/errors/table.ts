/** What is known about an error by its name. Nothing else in the house repeats it. */
export interface ErrorRow {
  /** May a retry policy try again? */
  readonly retryable: boolean;
  /** Status of the HTTP answer when the error reaches the API. */
  readonly http: number;
  readonly meaning: string;
  /** Counts against the agent: its circuit breaker opens after some of these. */
  readonly blamesAgent?: true;
}

const rows = {
  InvalidRequestError: { retryable: false, http: 400, meaning: 'the request can never succeed as it is' },
  NotFoundError: { retryable: false, http: 404, meaning: 'what the request names does not exist' },
  ConflictError: { retryable: false, http: 409, meaning: 'not possible in the present status' },
  CapacityError: { retryable: false, http: 507, meaning: 'no room' },
  UnavailableError: { retryable: true, http: 503, meaning: 'something outside did not answer' },
  InvariantError: { retryable: false, http: 500, meaning: 'a bug of the engine' },
  InvalidInput: { retryable: false, http: 422, meaning: 'the input, or an expression, does not hold' },
  InvalidOutput: { retryable: false, http: 422, meaning: "the agent's answer breaks its schema", blamesAgent: true },
  PermissionDenied: { retryable: false, http: 403, meaning: 'the agent may not do this' },
  ExecutionStopping: { retryable: false, http: 409, meaning: 'the execution is being stopped' },
  CircuitOpen: { retryable: false, http: 503, meaning: "the agent's circuit breaker is open" },
  BudgetExceeded: { retryable: false, http: 507, meaning: 'the budget is used up' },
  PoolQueueFull: { retryable: false, http: 507, meaning: "the pool's queue is full" },
  AllocationTimeout: { retryable: false, http: 507, meaning: 'parked for longer than queue_timeout' },
  AttemptTimeout: { retryable: true, http: 504, meaning: 'no answer within timeout', blamesAgent: true },
  HeartbeatTimeout: { retryable: true, http: 504, meaning: 'silent for longer than heartbeat', blamesAgent: true },
  AgentThrottled: { retryable: true, http: 429, meaning: 'the agent asks for fewer calls', blamesAgent: true },
  AgentUnavailable: { retryable: true, http: 503, meaning: 'the agent could not be reached', blamesAgent: true },
  AgentCrashed: { retryable: true, http: 502, meaning: "the agent's worker died", blamesAgent: true },
  LoopExhausted: { retryable: false, http: 422, meaning: 'the loop has used up its iterations' },
  WaitTimeout: { retryable: false, http: 504, meaning: 'the awaited event did not come in time' },
  ChildFailed: { retryable: false, http: 502, meaning: 'the child execution did not succeed' },
  ChildTooDeep: { retryable: false, http: 507, meaning: 'too many executions within one another' },
  ChildRefused: { retryable: false, http: 409, meaning: 'the child workflow lets no further execution in' },
  ChildDeadlock: { retryable: false, http: 409, meaning: 'the child waits for a place that is held for its sake' },
  CompensationFailed: { retryable: false, http: 502, meaning: 'what was done could not all be undone' },
  Rejected: { retryable: false, http: 409, meaning: 'a person has said no' },
  RetriedByHand: { retryable: true, http: 409, meaning: 'somebody has the task tried again by hand' },
  FailedByHand: { retryable: false, http: 409, meaning: 'somebody has failed the task by hand' },
  AgentFailure: {
    retryable: true,
    http: 502,
    meaning: 'the agent failed without a name of its own',
    blamesAgent: true,
  },
} as const satisfies Record<string, ErrorRow>;

export type KnownErrorName = keyof typeof rows;

export const errorTable: Readonly<Record<KnownErrorName, ErrorRow>> = rows;

const unknownError: ErrorRow = { retryable: true, http: 502, meaning: "the agent's own error", blamesAgent: true };

/** Errors nobody knows are retryable: an agent's bug in naming must not cost its retries. */
export function errorRow(name: string): ErrorRow {
  return Object.hasOwn(rows, name) ? rows[name as KnownErrorName] : unknownError;
}
