import { childExecutionId } from '../../core/execution/index.ts';
import { taskPath } from '../../core/ids/index.ts';
import type { Plan } from '../../core/plan/index.ts';
import { smallPlan } from '../makers/small-plan.ts';
import { createEngineModel, executionOf, taskOf, tasksOf, type EngineModelOptions } from './engine-model.ts';
import { EXECUTION } from './operations.ts';
import { appendsOnly, calls, keepsHistory, promises } from './promises.ts';
import { kinds, once, twice, type Bounds, type Extent, type Protocol } from './protocol.ts';

/** What can be said of one workflow on its own. */
type Sketch = Omit<EngineModelOptions, 'plans' | 'kinds' | 'invariants' | keyof Bounds> &
  Partial<Pick<EngineModelOptions, 'kinds' | 'invariants'>> & { readonly others?: Readonly<Record<string, Plan>> };

/** A model of one execution, with all that can go wrong, and what every state of it keeps. */
export function modelOf(plan: Plan, bounds: Bounds, { invariants, others, ...sketch }: Sketch) {
  return createEngineModel({
    plans: { review: plan, ...others },
    kinds,
    ...sketch,
    ...bounds,
    invariants: { ...promises, ...invariants, ...keepsHistory(plan) },
  });
}

/** What holds everything up: all of it. */
const all: readonly Extent[] = [
  { processes: 1, faults: 1 },
  { processes: 1, faults: 2 },
  { processes: 2, faults: 0 },
];

const NEAREST = 60_000;

/** Races and faults of the rest. */
export const small: readonly Extent[] = [
  { processes: 1, faults: 1, most: NEAREST },
  { processes: 2, faults: 0, most: NEAREST },
];

export const dispatchAndSettle: Protocol = {
  name: 'dispatch-and-settle',
  title: 'Dispatch and settlement',
  bounds: all,
  about:
    'A task whose first attempt fails and whose second one succeeds: dispatch, answers, the timer of the retry, the stream.',
  create: (bounds) =>
    modelOf(smallPlan({ a: { retry: twice } }), bounds, {
      messages: ['dispatch a'],
      fails: (_path, attempt) => attempt === 1,
      timers: ['wake', 'grace'],
    }),
};

export const enteringAnew: Protocol = {
  name: 'tokens',
  title: 'States that are entered anew',
  bounds: [...small, { processes: 2, faults: 1, most: NEAREST }],
  about:
    'One task. Where its dispatch fails the machine enters the state anew, with another token, and only that one counts; a dispatch that the machine has given up does not begin later.',
  create: (bounds) =>
    modelOf(smallPlan({ a: { retry: once } }), bounds, {
      messages: ['dispatch a'],
      kinds: ['lost answer', 'crash'],
      entersAnew: true,
    }),
};

export const bindingTokens: Protocol = {
  name: 'tokens-of-waits',
  title: 'States that wait, and are entered anew',
  bounds: [...small, { processes: 2, faults: 1, most: NEAREST }],
  about:
    'A task that waits for an event. Where its dispatch fails the machine enters the state anew, with another token, while the event comes.',
  create: (bounds) =>
    modelOf(smallPlan({ w: { wait: { kind: 'event', event: 'go' } } }), bounds, {
      messages: ['dispatch w', 'publish go here'],
      kinds: ['lost answer', 'crash'],
      entersAnew: true,
    }),
};

export const parkAndWake: Protocol = {
  name: 'park-and-wake',
  title: 'Parking and waking',
  bounds: all,
  about: 'Two tasks, of which the second needs the first: parking, watches, settlement and waking.',
  create: (bounds) =>
    modelOf(smallPlan({ a: { retry: once }, b: { after: ['a'], retry: once } }), bounds, {
      messages: ['dispatch a', 'dispatch b'],
      timers: ['grace'],
      invariants: {
        'nothing starts before what it needs': (state) =>
          !calls(state).some(({ path }) => path === 'b') || taskOf(state, 'a')?.status === 'succeeded',
      },
    }),
};

export const places: Protocol = {
  name: 'places',
  title: 'Places of a limit',
  bounds: all,
  about: 'Two tasks and one place of `max_parallel`: taking, queueing, giving back and waking.',
  create: (bounds) =>
    modelOf(smallPlan({ a: { retry: once }, b: { retry: once } }, { maxParallel: 1 }), bounds, {
      messages: ['dispatch a', 'dispatch b'],
      timers: ['grace'],
      invariants: {
        'no more work at once than there are places': (state) =>
          tasksOf(state).filter(({ attempt }) => attempt !== undefined).length <= 1,
      },
    }),
};

/** Messages that may come whenever they like; without others nobody is going to look at the execution again. */
const isPatient = (message: string): boolean => message.startsWith('answer') || message.includes('"grace"');

export const stopAgainstDispatch: Protocol = {
  name: 'stop-against-dispatch',
  title: 'Stop against dispatch',
  bounds: all,
  about:
    'A cancel while a task is dispatched: intent, stop, the signal to the agent, the end of the machine and the conclusion.',
  create: (bounds) =>
    modelOf(smallPlan({ a: { retry: once } }), bounds, {
      messages: ['cancel', 'dispatch a'],
      timers: ['grace'],
      invariants: {
        'no agent works on that was told nothing': (state) => {
          const isQuiet = state.processes.length === 0 && state.messages.every(isPatient);
          const isWorking = taskOf(state, 'a')?.attempt !== undefined && state.effects.includes('call a#1');
          const isTold = state.effects.some((effect) => effect.startsWith('cancel '));
          return !isQuiet || !isWorking || isTold || executionOf(state)?.status === 'running';
        },
      },
    }),
};

export const pauseAgainstDispatch: Protocol = {
  name: 'pause-against-dispatch',
  title: 'Pause against dispatch',
  bounds: small,
  about:
    'A pause while a task is dispatched, the checkpoint, and the end of the pause: what was kept back is called then.',
  create: (bounds) =>
    modelOf(smallPlan({ a: { retry: once } }), bounds, {
      messages: ['pause', 'dispatch a'],
      afterOperation: (operation) => (operation === 'pause' ? ['unpause'] : []),
    }),
};

export const calling: Protocol = {
  name: 'for-each',
  title: 'Calls of a `for_each`',
  bounds: small,
  about:
    'Two items, both called at once: the list that is frozen, the calls that count themselves, and the collection.',
  create: (bounds) =>
    modelOf(smallPlan({ a: { forEach: { items: '${ [1, 2] }' }, retry: once } }), bounds, { messages: ['dispatch a'] }),
};

export const looping: Protocol = {
  name: 'loop',
  title: 'Iterations of a loop',
  bounds: small,
  about:
    'Two iterations of one task: the loop that opens, the end of its body, the next iteration, and the settlement.',
  create: (bounds) =>
    modelOf(smallPlan({ l: { loop: { maxIterations: 2, tasks: { x: { retry: once } } } } }), bounds, {
      messages: ['dispatch l[0]/x'],
      afterToken: (token, answer) => {
        if (token.endsWith('/x')) return [`iterate ${token.slice(0, -2)}`];
        if (token === 'conclude') return [];
        return (answer as { readonly again?: boolean }).again ? ['dispatch l[1]/x'] : ['conclude'];
      },
    }),
};

export const grouping: Protocol = {
  name: 'group',
  title: 'Members of a group',
  bounds: small,
  about:
    'Two tasks of a group, either of which may come first: the group that opens, and that settles with the last of them.',
  create: (bounds) =>
    modelOf(smallPlan({ g: { group: { tasks: { x: { retry: once }, y: { retry: once } } } } }), bounds, {
      messages: ['dispatch g/x', 'dispatch g/y'],
      states: ['g/x', 'g/y'],
    }),
};

export const beating: Protocol = {
  name: 'heartbeat',
  title: 'Heartbeats',
  bounds: small,
  about: 'An agent that gives a sign of life while it answers.',
  create: (bounds) => {
    const plan = smallPlan({ a: { retry: once } });
    const [task] = plan.tasks;
    const beats = { ...plan, tasks: [{ ...task, heartbeat: 30 }] } as unknown as Plan;
    return modelOf(beats, bounds, { messages: ['dispatch a'], beats: true });
  },
};

export const publishing: Protocol = {
  name: 'events',
  title: 'Events of the coordination bus',
  bounds: small,
  about: 'Two tasks that wait for an event, and two who publish one under the same id: the first counts.',
  create: (bounds) =>
    modelOf(
      smallPlan({ v: { wait: { kind: 'event', event: 'go' } }, w: { wait: { kind: 'event', event: 'go' } } }),
      bounds,
      {
        messages: ['dispatch v', 'dispatch w', 'publish go here', 'publish go there'],
        invariants: {
          'all who wait for an event see the same': (state) => {
            const seen = tasksOf(state).flatMap(({ output }) => (output ? [JSON.stringify(output)] : []));
            return new Set(seen).size <= 1;
          },
        },
      },
    ),
};

/** The execution of task `c` of the first one. */
const CHILD = childExecutionId(EXECUTION, taskPath('c'));

/** The workflow `inner`, whose machine is started by a task `c` of the outer one. */
export function withChild(inner: Plan) {
  return {
    others: { inner },
    workflowOf: (execution: string) => (execution === CHILD ? 'inner' : 'review'),
    executions: [EXECUTION, CHILD],
    startsMachines: true,
  } as const;
}

export const stopAgainstBegin: Protocol = {
  name: 'stop-against-begin',
  title: 'Stop against begin',
  bounds: small,
  about: 'A cancel of an execution that has been accepted, and whose machine has not begun yet.',
  create: (bounds) =>
    modelOf(smallPlan({ a: { retry: once } }), bounds, {
      before: ['start'],
      messages: ['begin', 'cancel'],
      invariants: appendsOnly,
      afterOperation: (operation) => (operation === 'begin' ? ['dispatch a'] : []),
    }),
};

export const stopAgainstEnd: Protocol = {
  name: 'stop-against-end',
  title: 'Stop against the end',
  bounds: small,
  about: 'A cancel of an execution whose tasks have all settled, while its machine comes to its end.',
  create: (bounds) =>
    modelOf(smallPlan({ a: { retry: once } }), bounds, {
      before: ['start', 'begin', 'dispatch a', 'answer a#1'],
      messages: ['cancel', 'conclude'],
    }),
};

export const wakingAgain: Protocol = {
  name: 'park-again',
  title: 'Parking against waking',
  bounds: small,
  about: 'A task is dispatched while what it needs settles: it is admitted by its state, and by whoever wakes it.',
  create: (bounds) =>
    modelOf(smallPlan({ a: { retry: once }, b: { after: ['a'], retry: once } }), bounds, {
      before: ['start', 'begin', 'dispatch b', 'dispatch a'],
      messages: ['answer a#1', 'dispatch b'],
      states: ['b'],
    }),
};

export const startingTwice: Protocol = {
  name: 'start-again',
  title: 'Starts that are repeated',
  bounds: small,
  about: 'Two who start an execution under the same id, because nobody knows whether the first has been heard.',
  create: (bounds) =>
    modelOf(smallPlan({ a: { retry: once } }), bounds, {
      before: [],
      messages: ['start', 'start'],
      startsMachines: true,
    }),
};

export const failing: Protocol = {
  name: 'stop-for-failure',
  title: 'A failure that stops its execution',
  bounds: small,
  about: 'Two tasks at once, both of which fail: the first failure stops the execution in the commit that settles it.',
  create: (bounds) =>
    modelOf(smallPlan({ a: { retry: once }, b: { retry: once } }), bounds, {
      messages: ['dispatch a', 'dispatch b'],
      fails: () => true,
      timers: ['grace'],
    }),
};

export const pauseAgainstStop: Protocol = {
  name: 'pause-against-stop',
  title: 'Pause against stop',
  bounds: small,
  about: 'A pause and a cancel at the same moment, and the end of the pause.',
  create: (bounds) =>
    modelOf(smallPlan({ a: { retry: once } }), bounds, {
      messages: ['pause', 'cancel'],
      states: [],
      afterOperation: (operation) => (operation === 'pause' ? ['unpause'] : operation === 'cancel' ? ['conclude'] : []),
    }),
};

export const stoppingChildren: Protocol = {
  name: 'stop-against-child',
  title: 'Stop against a child',
  bounds: small,
  about: 'A cancel while a task starts a child execution.',
  create: (bounds) =>
    modelOf(smallPlan({ c: { workflow: 'inner' } }), bounds, {
      ...withChild(smallPlan({ x: { retry: once } })),
      messages: ['cancel', 'dispatch c'],
      invariants: appendsOnly,
      afterOperation: (operation) => (operation === 'cancel' ? ['conclude'] : []),
    }),
};

export const children: Protocol = {
  name: 'children',
  title: 'Child executions',
  bounds: small,
  about:
    'A task that starts an execution: the intent, the child and its machine, its end, and what its parent hears of it.',
  create: (bounds) =>
    modelOf(smallPlan({ c: { workflow: 'inner' } }), bounds, {
      ...withChild(smallPlan({ x: { retry: once } })),
      messages: ['dispatch c'],
    }),
};

/** What has been done before says where the race begins. */
const begun = ['start', 'begin'];

export const callingTwice: Protocol = {
  name: 'for-each-again',
  title: 'A `for_each` that is dispatched twice',
  bounds: small,
  about: 'One item, and two dispatches of the state that has it called.',
  create: (bounds) =>
    modelOf(smallPlan({ a: { forEach: { items: '${ [1] }' }, retry: once } }), bounds, {
      messages: ['dispatch a', 'dispatch a'],
    }),
};

export const endingIteration: Protocol = {
  name: 'loop-end',
  title: 'The end of an iteration',
  bounds: small,
  about: 'The machine comes to the end of a loop while the last task of its body is answered.',
  create: (bounds) =>
    modelOf(smallPlan({ l: { loop: { maxIterations: 1, tasks: { x: { retry: once } } } } }), bounds, {
      before: [...begun, 'dispatch l[0]/x'],
      messages: ['answer l[0]/x#1', 'iterate l[0]'],
      states: ['l[0]'],
    }),
};

export const leavingPause: Protocol = {
  name: 'unpause-against-dispatch',
  title: 'The end of a pause',
  bounds: small,
  about: 'A pause ends, and the state of a task that it has kept back is entered anew.',
  create: (bounds) =>
    modelOf(smallPlan({ a: { retry: once }, b: { after: ['a'], retry: once } }), bounds, {
      before: [...begun, 'dispatch a', 'dispatch b', 'pause', 'answer a#1'],
      messages: ['dispatch b', 'unpause'],
      states: ['b'],
    }),
};

export const failingTogether: Protocol = {
  name: 'failures-together',
  title: 'Two failures at once',
  bounds: small,
  about: 'Two agents answer at the same moment that they have failed.',
  create: (bounds) =>
    modelOf(smallPlan({ a: { retry: once }, b: { retry: once } }), bounds, {
      before: [...begun, 'dispatch a', 'dispatch b'],
      messages: ['answer a#1', 'answer b#1'],
      fails: () => true,
      invariants: appendsOnly,
      timers: ['grace'],
    }),
};

export const failingTwice: Protocol = {
  name: 'failure-again',
  title: 'A failure that is told twice',
  bounds: small,
  about: 'An agent tells twice that its attempt has failed, and the task is tried again.',
  create: (bounds) =>
    modelOf(smallPlan({ a: { retry: twice } }), bounds, {
      before: [...begun, 'dispatch a'],
      messages: ['answer a#1', 'answer a#1'],
      fails: (_path, attempt) => attempt === 1,
      timers: ['wake'],
    }),
};

export const placesBack: Protocol = {
  name: 'places-back',
  title: 'Places that are given back',
  bounds: small,
  about: 'Two tasks with a place each end at the same moment.',
  create: (bounds) =>
    modelOf(smallPlan({ a: { retry: once }, b: { retry: once } }, { maxParallel: 2 }), bounds, {
      before: [...begun, 'dispatch a', 'dispatch b'],
      messages: ['answer a#1', 'answer b#1'],
    }),
};
