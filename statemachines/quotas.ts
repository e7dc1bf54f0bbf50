/** Of a definition, and of the request that carries it as a JSON string: 1 MB. */
export const BYTES = 1_048_576;
export const BYTES_BUDGET = 850_000;
/** Leaves 8 % to the request's headers and other members. */
export const ESCAPED_BUDGET = 960_000;
/** Of an execution's history. The budget leaves room for calls that are retried. */
export const EVENTS = 25_000;
export const EVENTS_BUDGET = 15_000;
/** Bytes of a state's input, arguments and result. */
export const PAYLOAD = 262_144;
/** Characters of a function's ARN in a deployment: `arn:aws:lambda:us-east-1:123456789012:function:dispatch`. */
export const FUNCTION_ARN = 55;
/** Characters of a machine's ARN, whose name has 80 at the most. */
export const MACHINE_ARN = 132;
