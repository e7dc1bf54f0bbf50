import type { Diagnostic, Severity } from './diagnostic.ts';

interface CodeRow {
  readonly severity: Severity;
  /** What is wrong, as a heading. */
  readonly title: string;
  /** What to do about it, one or two sentences. */
  readonly fix: string;
}

/**
 * Every finding there is. DEF1xx shape, VAL2xx meaning, ASL4xx limits of Step Functions, LINT9xx advice. A code that was
 * published keeps its meaning; docs/diagnostics.md is generated from here.
 */
export const codes = {
  DEF101: {
    severity: 'error',
    title: 'The text is too large',
    fix: 'A definition has at most 4 MiB. Move large data to where the agents can fetch it, or split the workflow.',
  },
  DEF102: {
    severity: 'error',
    title: 'Nested too deeply',
    fix: 'A definition is at most 64 levels deep. Deeply nested input belongs into a document that an agent reads.',
  },
  DEF103: {
    severity: 'error',
    title: 'Neither YAML nor JSON',
    fix: 'Correct the syntax at the marked place. Common causes: a tab in the indentation, a missing quote, a colon inside a plain text.',
  },
  DEF104: {
    severity: 'error',
    title: 'More than one document',
    fix: 'One text holds one definition. Put what follows `---` into a file of its own.',
  },
  DEF105: {
    severity: 'error',
    title: 'The text is empty',
    fix: 'A definition starts with `workflow:`.',
  },
  DEF106: {
    severity: 'error',
    title: 'Anchors, aliases and tags are not allowed',
    fix: 'Write the value out. Repeated policies go under `retry_policies`, repeated agents under `agents`.',
  },
  DEF107: {
    severity: 'error',
    title: 'A key stands twice',
    fix: 'Keep one of the two. YAML would silently take one of them.',
  },
  DEF108: {
    severity: 'error',
    title: 'A key that is not allowed',
    fix: 'Keys are texts, and `__proto__`, `constructor` and `prototype` mean something else to JavaScript: choose another name.',
  },
  DEF109: {
    severity: 'error',
    title: 'A number that JSON cannot carry exactly',
    fix: 'Whole numbers go up to 2^53. Write larger ones, infinity and not-a-number as texts.',
  },
  DEF110: {
    severity: 'error',
    title: 'Too many tasks',
    fix: 'A workflow has at most 10,000 tasks. Use a fan-out for work that is alike, or child workflows.',
  },
  DEF111: {
    severity: 'error',
    title: 'Unknown key',
    fix: 'Correct the spelling, or remove the key: nothing would read it.',
  },
  DEF112: {
    severity: 'error',
    title: 'Wrong type',
    fix: 'Write a value of the type that is named. YAML reads an unquoted 1.0 as a number and an unquoted true as a truth value.',
  },
  DEF113: {
    severity: 'error',
    title: 'A key is missing',
    fix: 'Add the key.',
  },
  DEF114: {
    severity: 'error',
    title: 'A value that is not allowed',
    fix: 'Choose one of the values, or stay in the range, that the message names.',
  },
  DEF199: {
    severity: 'warning',
    title: 'More findings than are shown',
    fix: 'Correct what is shown and look again: the rest often follows from it.',
  },
  VAL201: {
    severity: 'error',
    title: 'Two tasks have the same id',
    fix: 'Rename one of them: dependencies and expressions name tasks by their ids.',
  },
  VAL202: {
    severity: 'error',
    title: 'Dependency on an unknown task',
    fix: 'Correct the id, or add the task.',
  },
  VAL203: {
    severity: 'error',
    title: 'The dependencies form a cycle',
    fix: 'Each task of a cycle waits for the others, so none can ever start. Remove one of its edges. Work that repeats until it is good is a `loop`.',
  },
  VAL204: {
    severity: 'error',
    title: 'A task depends on itself',
    fix: 'Remove the dependency.',
  },
  VAL205: {
    severity: 'error',
    title: 'A dependency stands twice',
    fix: 'Keep one. To run whatever became of the task, write `on: done` once.',
  },
  VAL206: {
    severity: 'error',
    title: 'Unknown agent',
    fix: 'Correct the name, or add the agent under `agents`.',
  },
  VAL207: {
    severity: 'error',
    title: 'Unknown agent type',
    fix: 'Correct the name, or add the type to the agent catalogue (`agents.yaml` beside the definition, or what is deployed).',
  },
  VAL208: {
    severity: 'error',
    title: 'An expression is wrong',
    fix: 'Expressions are CEL. They read `input`, `tasks.<id>.output`, `execution`, `workflow`; `index` and `item` in a fan-out, `loop` in a loop, `event` in a trigger.',
  },
  VAL209: {
    severity: 'error',
    title: 'An expression names a task that is not upstream',
    fix: 'Add the task to `depends_on`, directly or through another task: only then is its output sure to be there. The members of a group or a loop are read from its output.',
  },
  VAL210: {
    severity: 'error',
    title: 'A condition is not one expression of true or false',
    fix: 'Write `when: ${ … }`, one expression and nothing around it, whose value is true or false.',
  },
  VAL211: {
    severity: 'error',
    title: 'The quorum is larger than the number of dependencies',
    fix: 'Lower the quorum or add dependencies: as it is, it can never be reached.',
  },
  VAL212: {
    severity: 'error',
    title: 'Unknown retry policy',
    fix: 'Name `none`, `fixed`, `exponential_backoff`, or a policy of `retry_policies`.',
  },
  VAL213: {
    severity: 'error',
    title: 'A fan-out whose agent has no count',
    fix: 'Give the agent a `count`: `parallel: true` runs the task once for each instance.',
  },
  VAL214: {
    severity: 'error',
    title: "A task's timeout is longer than the workflow's",
    fix: 'Shorten the one or lengthen the other: the workflow would always end first.',
  },
  VAL215: {
    severity: 'warning',
    title: 'A task can never run',
    fix: 'Its condition is false in every execution. Remove the task, or correct the condition.',
  },
  VAL216: {
    severity: 'error',
    title: 'Not a JSON Schema',
    fix: 'Inputs and outputs are described in JSON Schema 2020-12.',
  },
  VAL217: {
    severity: 'error',
    title: 'A task does not do exactly one thing',
    fix: 'A task has one of `agent`, `requires`, `wait`, `workflow`, `emit`, `loop`, `group`.',
  },
  VAL218: {
    severity: 'warning',
    title: 'Known, but not executed by this version',
    fix: 'The language has it, this version does not act on it. The definition is valid; to run it here, remove the key.',
  },
  VAL220: {
    severity: 'error',
    title: 'A dependency on a task of another region',
    fix: 'Tasks depend on tasks of the same list. Across the border of a group or a loop, let that depend, or depend on it.',
  },
  ASL401: {
    severity: 'error',
    title: 'A fan-out is wider than a machine can hold',
    fix: 'A static fan-out has at most 40 instances: each is a state of the machine. For more items use `for_each`.',
  },
  ASL402: {
    severity: 'error',
    title: 'The machine is too large for Step Functions',
    fix: 'Split the workflow: a child workflow is a machine of its own. Shorter task ids help a little.',
  },
  ASL403: {
    severity: 'error',
    title: "The machine's history is too long for Step Functions",
    fix: 'Split the workflow: a child workflow has a history of its own. `for_each` costs six events for any number of items.',
  },
  LINT901: {
    severity: 'advice',
    title: 'Nobody owns the workflow',
    fix: 'Write `owner: { agent: …, contact: … }`, so that somebody can be asked when it fails at night.',
  },
  LINT902: {
    severity: 'advice',
    title: 'No timeout',
    fix: 'Say how long it may take. The defaults are a day for the workflow and 300 seconds for a task.',
  },
  LINT903: {
    severity: 'advice',
    title: 'A retry may repeat a side effect',
    fix: 'Write `idempotent: true` when a second call with the same key does no harm, else `retry_policy: none`.',
  },
  LINT904: {
    severity: 'advice',
    title: 'This looks like a secret',
    fix: 'Whoever may read the definition or an event can read it. Name it under `secrets` and let the agent resolve it.',
  },
  LINT905: {
    severity: 'advice',
    title: 'An edge that can never be taken',
    fix: 'Under `on_failure: fail_fast` and `drain` a failure stops the execution. Give the producer `continue_on_failure: true`, or the workflow `on_failure: continue`.',
  },
} as const satisfies Record<string, CodeRow>;

export type DiagnosticCode = keyof typeof codes;

/** A diagnostic of a code of the table, with its severity unless another is given. */
export function diagnostic(
  code: DiagnosticCode,
  rest: Omit<Diagnostic, 'code' | 'severity'> & { severity?: Severity },
): Diagnostic {
  return { code, severity: codes[code].severity, ...rest };
}
