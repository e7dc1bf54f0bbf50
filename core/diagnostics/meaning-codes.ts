import type { CodeRow } from './code-row.ts';

/** VAL2xx: what a definition means. */
export const meaningCodes = {
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
  VAL219: {
    severity: 'error',
    title: 'A key that means nothing on this kind of task',
    fix: 'Remove the key, or write it where the hint says: on this kind of task nothing would read it.',
  },
  VAL220: {
    severity: 'error',
    title: 'A dependency on a task of another region',
    fix: 'Tasks depend on tasks of the same list. Across the border of a group or a loop, let that depend, or depend on it.',
  },
  VAL221: {
    severity: 'error',
    title: 'Two ways to fan out',
    fix: 'Keep `parallel: true` for one call on each instance of the agent, or `for_each` for one call on each item.',
  },
  VAL222: {
    severity: 'error',
    title: '`for_each` without a bound',
    fix: 'Write `max_items`: the number that limits, budget and capacity are proven with. A list that is written out is its own bound.',
  },
  VAL223: {
    severity: 'error',
    title: 'Items that `for_each` cannot take',
    fix: '`items` is a list, or one expression that gives a list, and not longer than `max_items`.',
  },
  VAL224: {
    severity: 'error',
    title: 'A wait that does not wait for exactly one thing',
    fix: 'Write one of `seconds`, `until` and `event`. `match` and `timeout` belong to an `event`.',
  },
  VAL225: {
    severity: 'error',
    title: 'Not a time',
    fix: 'Write RFC 3339 text with an offset, like `2026-11-21T06:00:00Z`, or an expression that gives such a text or seconds since 1970.',
  },
  VAL226: {
    severity: 'error',
    title: 'No agent has the required capabilities',
    fix: 'Correct the capability, or give it to an agent: its own `capabilities` count, and those of its type.',
  },
  VAL227: {
    severity: 'error',
    title: 'Unknown child workflow',
    fix: 'Correct the name and the version, or publish the workflow first. A warning where nothing says which workflows there are.',
  },
  VAL228: {
    severity: 'error',
    title: 'A workflow that starts itself',
    fix: 'Remove one of the calls of the printed chain: each execution would start the next one, without end.',
  },
  VAL229: {
    severity: 'error',
    title: 'Too many workflows within one another',
    fix: 'Children go 16 deep at the most, and as deep as `budget.depth` says. Let a task of the outer workflow start the inner one.',
  },
  VAL230: {
    severity: 'error',
    title: 'An input does not fit the schema of what takes it',
    fix: 'Correct the value, or the schema. What is known before a run is checked here, the rest before each call.',
  },
  VAL231: {
    severity: 'error',
    title: 'An expression reads what a schema rules out',
    fix: 'Correct the member, or let the schema speak of it. `.?` and `has(…)` ask for members that may be missing.',
  },
  VAL232: {
    severity: 'error',
    title: 'Compensation without a saga',
    fix: 'Switch the saga on under `fault_tolerance`, or remove the key: nothing would act on it.',
  },
  VAL233: {
    severity: 'warning',
    title: 'A retry policy named like a built-in one',
    fix: 'Give it another name: `none`, `fixed` and `exponential_backoff` mean the same in every workflow.',
  },
  VAL234: {
    severity: 'error',
    title: 'Unknown resource pool',
    fix: 'Correct the name, or add the pool under `resource_pools`.',
  },
  VAL235: {
    severity: 'warning',
    title: 'A loop whose iterations do not decide when it ends',
    fix: 'Let `until` read what an iteration changes: the tasks inside, or `loop`.',
  },
  VAL236: {
    severity: 'error',
    title: 'Too many schemas',
    fix: 'A document has at most 10,000 parts in its different schemas. Share schemas, or describe less of them.',
  },
  VAL237: {
    severity: 'warning',
    title: 'An expression where none is evaluated',
    fix: 'Write the text out. Keys, the types of events and the patterns of triggers stay as they are written.',
  },
  VAL238: {
    severity: 'error',
    title: 'A person who would have to send heartbeats',
    fix: 'Remove the `heartbeat`: for a task of a person, `timeout` alone says how long it may take.',
  },
  VAL239: {
    severity: 'warning',
    title: 'Agents of one type with different rate limits',
    fix: 'Give them the same `rate_limit`: calls are counted for the agent type, whichever agent of it makes them.',
  },
  VAL240: {
    severity: 'warning',
    title: 'A saga that leaves an effect',
    fix: 'Say how the task is undone (`compensate`), also when it failed (`compensate_on_failure`) and without what it would have answered; or that it changes nothing outside: `effect: none`.',
  },
  VAL241: {
    severity: 'warning',
    title: 'A saga that undoes in the wrong order',
    fix: 'Let what came later be undone first: give it a compensation, or let the pivot come after the earlier one as well.',
  },
  VAL242: {
    severity: 'warning',
    title: 'A saga that can stop between back and forward',
    fix: 'Past its pivot a saga only goes forward: let all that can fail come before the pivot, or be retried after it.',
  },
  VAL243: {
    severity: 'error',
    title: 'A pivot inside a loop',
    fix: 'Make a task outside of the loop the pivot: what is done once in each iteration is never done once and for all.',
  },
} as const satisfies Record<string, CodeRow>;
