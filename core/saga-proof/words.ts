import type { Doubt, Gap, GapKind, Scenario } from './gap.ts';
import type { Fate, SagaNode } from './saga-graph.ts';

type Words = Omit<Gap, 'kind' | 'scenario'>;

/** What is said of an effect that may stay. */
export function leftWords(node: SagaNode, { kind, read }: Doubt): Words {
  const { task, path } = node;
  const said = left[kind]?.(node, read?.task ?? '');
  const { way = [], ...words } = said ?? {
    message: `Whether the effect of \`${task}\` can stay was not decided.`,
    fix: 'simplify what comes before it',
  };
  return { task, path: [...path, ...way], ...(way.length === 1 && { part: 'key' }), ...words };
}

interface Said {
  readonly message: string;
  readonly fix: string;
  /** From the task. */
  readonly way?: readonly string[];
}

const left: Partial<Record<GapKind, (node: SagaNode, read: string) => Said>> = {
  no_compensation: ({ task, isPivot }) =>
    isPivot
      ? {
          message: `Nothing undoes the pivot \`${task}\` when it fails, or when nobody knows whether it was done: what lies before it is undone, and its own effect may stay.`,
          fix: 'write `compensate: { agent: … }` and `compensate_on_failure: true`, which are used only while the pivot has not succeeded',
          way: ['pivot'],
        }
      : {
          message: `\`${task}\` changes something outside, and nothing undoes it.`,
          fix: 'write `compensate: { agent: … }`, or `effect: none` when it changes nothing outside',
          way: ['id'],
        },
  event: ({ task }) => ({
    message: `The event of \`${task}\` cannot be called back when the execution fails later.`,
    fix: 'let it depend on the pivot, or write `effect: none` when nobody acts on it before the end',
    way: ['emit'],
  }),
  child: ({ task }) => ({
    message: `What the child of \`${task}\` has done is not undone once that has succeeded.`,
    fix: 'write `effect: none` when the child changes nothing outside, or let the task come after the pivot',
    way: ['workflow'],
  }),
  reads_own_output: ({ task }) => ({
    message: `The compensation of \`${task}\` reads its output, which is not there when it was stopped while it ran, and nobody knows how it ended.`,
    fix: `ask for it (\`tasks.${task}.output.?id.orValue(null)\`), or find what to undo by the task's input`,
    way: ['compensate', 'input'],
  }),
  reads_absent: ({ task }, read) => ({
    message: `The compensation of \`${task}\` reads the output of \`${read}\`, which need not have one.`,
    fix: `ask for it (\`tasks.${read}.output.?id.orValue(null)\`)`,
    way: ['compensate', 'input'],
  }),
  failure_not_undone: ({ task }) => ({
    message: `\`${task}\` is not undone when it failed, and a call that failed, or whose time was up, may have done its work all the same.`,
    fix: 'write `compensate_on_failure: true`',
    way: ['compensate'],
  }),
  failure_tolerated: ({ task, toleratesItems }) => ({
    message: `\`${task}\` may fail while the execution succeeds, and then nothing undoes what the failed call may have done.`,
    fix: toleratesItems
      ? 'tolerate no failures, or let the agent undo by itself and write `effect: none`'
      : 'remove `continue_on_failure`, or let the agent undo by itself and write `effect: none`',
    way: ['id'],
  }),
};

/** What is said of an effect that is undone under a later one. */
export function orderWords(earlier: SagaNode, later: SagaNode): Words {
  return {
    task: later.task,
    path: [...later.path, 'id'],
    message: `\`${later.name}\` came after \`${earlier.name}\` and stays when that is undone.`,
    fix: `let the pivot depend on \`${earlier.task}\`, or let \`${later.task}\` have a \`compensate\` that needs nothing of its output`,
  };
}

/** What is said of a task that may fail when a pivot has been passed. */
export function pivotWords(pivot: SagaNode, failing: SagaNode, kind: GapKind): Words {
  const { task, path, isPivot, pivotsBefore } = failing;
  if (kind === 'fails_after_pivot')
    return {
      task,
      path: [...path, 'id'],
      message: `\`${task}\` comes after the pivot \`${pivot.name}\` and is not tried again when it fails: what lies before the pivot stays, and the rest is never done.`,
      fix: 'give it a retry policy of several attempts without `retry_on`, or write `continue_on_failure: true`',
    };
  if (pivotsBefore.includes(pivot.at))
    return {
      task,
      path: [...path, 'id'],
      message: `\`${task}\` need not wait for the pivot \`${pivot.name}\`, and can fail while that is on its way: when the pivot then succeeds, what lies before it stays, and all else is undone.`,
      fix: 'let it wait for the success of the pivot, whatever else it waits for',
    };
  return {
    task,
    path: [...path, isPivot ? 'pivot' : 'id'],
    ...(isPivot && { part: 'key' }),
    message: isPivot
      ? `\`${task}\` and \`${pivot.name}\` are pivots, and neither comes before the other: when one has succeeded and the other fails, the saga goes neither back nor forward.`
      : `\`${task}\` can fail when the pivot \`${pivot.name}\` has succeeded: what lies before the pivot stays, and all else is undone.`,
    fix: isPivot
      ? 'keep one of them, or let one depend on the other'
      : `let \`${pivot.task}\` depend on \`${task}\`, or the other way round`,
  };
}

const became: Record<Exclude<Fate, 'waiting'>, string> = {
  succeeded: 'succeeded',
  failed: 'failed',
  skipped: 'was skipped',
  upstream_failed: 'could not run',
  running: 'still ran',
};

const ended: Record<Scenario['ending'], (by: string) => string> = {
  cancel: (by) => `cancelled, or out of time, at \`${by}\``,
  failure: (by) => `\`${by}\` fails`,
  success: () => 'the execution succeeds',
  compensation_failure: (by) => `the compensation of \`${by}\` fails for good`,
};

/** `a succeeded, b was skipped; b fails → the effect of a stays`. */
export function scenarioText({ fates, ending, by, left: stays }: Scenario): string {
  const seen = fates.map(({ task, fate }) => `${task} ${became[fate]}`).join(', ');
  return `${seen}; ${ended[ending](by)}: the effect of ${stays.join(', ')} stays`;
}
