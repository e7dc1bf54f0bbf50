import { settledTaskStatuses } from '../../core/execution/index.ts';
import type { Observed, ObservedCall, ObservedExecution, ObservedTask } from './observed.ts';

/** An observation with one thing changed; undefined where there is nothing of the kind to change. */
type Lie = (observed: Observed, pick: number) => Observed | undefined;

function changeTask(change: (task: ObservedTask, pick: number) => Partial<ObservedTask> | undefined): Lie {
  return (observed, pick) => {
    const position = pick % observed.tasks.length;
    const task = observed.tasks[position]!;
    const changed = change(task, pick);
    return changed && { ...observed, tasks: observed.tasks.with(position, { ...task, ...changed }) };
  };
}

function changeCall(change: (call: ObservedCall) => readonly ObservedCall[]): Lie {
  return (observed, pick) => {
    const position = pick % Math.max(observed.calls.length, 1);
    const call = observed.calls[position];
    return call && { ...observed, calls: observed.calls.toSpliced(position, 1, ...change(call)) };
  };
}

function changeChild(change: (child: ObservedExecution) => Partial<ObservedExecution>): Lie {
  return (observed, pick) => {
    const children = Object.entries(observed.children);
    const [place, child] = children[pick % Math.max(children.length, 1)] ?? [];
    if (place === undefined || !child) return undefined;
    return { ...observed, children: { ...observed.children, [place]: { ...child, ...change(child) } } };
  };
}

/** What a wrong engine might report, each wrong in every workflow in which nothing is left to chance. */
export const plantedLies: Readonly<Record<string, Lie>> = {
  'another status of a task': changeTask(({ status }, pick) => {
    const others = settledTaskStatuses.filter((other) => other !== status);
    return { status: others[pick % others.length]!, error: { name: 'Broken' } };
  }),
  'a task that settled a millisecond too late': changeTask(({ settledAt }) => ({ settledAt: settledAt + 1 })),
  'a task that settled before its time': changeTask(({ settledAt }) =>
    settledAt > 0 ? { settledAt: settledAt - 1 } : undefined,
  ),
  'another output of a task': changeTask(() => ({ output: { never: 'said' } })),
  'another error of a failed task': changeTask(({ status }) =>
    status === 'failed' ? { error: { name: 'NeverHeardOf' } } : undefined,
  ),
  'one attempt too many': changeTask(({ attempts }) => ({ attempts: attempts + 1 })),
  'a task that never settled': (observed, pick) => ({
    ...observed,
    tasks: observed.tasks.toSpliced(pick % observed.tasks.length, 1),
  }),
  'a task that settled twice': (observed, pick) => ({
    ...observed,
    tasks: [...observed.tasks, observed.tasks[pick % observed.tasks.length]!],
  }),
  'a call that was never made': changeCall(() => []),
  'a call that was made twice': changeCall((call) => [call, call]),
  'a call that came a millisecond late': changeCall((call) => [{ ...call, at: call.at + 1 }]),
  'a call with another input': changeCall((call) => [{ ...call, input: { never: 'wired' } }]),
  'a call of another width': changeCall((call) => [{ ...call, count: call.count + 1 }]),
  'another status of the execution': (observed, pick) => {
    const others = (['succeeded', 'failed', 'cancelled', 'timed_out'] as const).filter(
      (one) => one !== observed.status,
    );
    return { ...observed, status: others[pick % others.length]! };
  },
  'another output of the execution': (observed) => ({ ...observed, output: 'never rendered' }),
  'an execution that ended later': (observed) => ({ ...observed, endedAt: observed.endedAt + 1 }),
  'a child that ended otherwise': changeChild((child) => ({
    status: child.status === 'succeeded' ? 'failed' : 'succeeded',
  })),
  'a child that ended later': changeChild(({ endedAt }) => ({ endedAt: endedAt + 1 })),
  'a child that gave something else': changeChild(() => ({ output: 'never rendered' })),
  'a child that nobody started': (observed) => ({
    ...observed,
    children: { ...observed.children, nowhere: { status: 'succeeded', output: null, endedAt: 0, completions: 1 } },
  }),
  'two ends': (observed) => ({ ...observed, completions: 2 }),
  'no end': (observed) => ({ ...observed, completions: 0 }),
};
