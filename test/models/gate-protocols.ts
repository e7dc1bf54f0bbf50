import {
  BUDGET,
  isTerminal,
  type ExecutionRecord,
  type LimitRecord,
  type SkeinEvent,
} from '../../core/execution/index.ts';
import { taskPath } from '../../core/ids/index.ts';
import type { PlannedAgent } from '../../core/plan/index.ts';
import type { Breaker, BudgetAccount, Slot } from '../../core/resilience/index.ts';
import { smallPlan } from '../makers/small-plan.ts';
import { controlsOf, createEngineModel, eventsOf, recordsOf, tasksOf, type EngineState } from './engine-model.ts';
import { itemsOf } from './ledger-state.ts';
import { appendsOnly, calls } from './promises.ts';
import { kinds, once, twice, type Bounds, type Protocol } from './protocol.ts';
import { modelOf, small, withChild } from './task-protocols.ts';

type Gates = Pick<PlannedAgent, 'breaker' | 'pool' | 'rate'>;

/** Agents of these tasks, which all have the same gates. */
function agentsOf(tasks: readonly string[], gates: Gates): Readonly<Record<string, PlannedAgent>> {
  const agent = { type: 'any_agent', count: 1, maxConcurrentTasks: 1, capabilities: [], ...gates };
  return Object.fromEntries(tasks.map((task) => [`${task}-agent`, agent]));
}

function poolOf(capacity: number, maxQueue?: number): Gates {
  const settings = { name: 'linters', capacity, instances: 1, strategy: 'least_loaded' } as const;
  return { pool: { ...settings, ...(maxQueue !== undefined && { maxQueue }) } };
}

const slotsOf = (state: EngineState): readonly Slot[] =>
  // Whoever writes into this folder writes slots.
  controlsOf(state, 'pool/linters/slot').map(({ value }) => value as Slot);

/** Whose attempt has a slot is its holder, with the token that it got: nobody else has it, and nobody takes it away. */
function holdItsSlot(state: EngineState): boolean {
  const slots = slotsOf(state);
  return tasksOf(state).every(({ path, attempt }) => {
    const hold = attempt?.holds?.pool;
    if (!attempt || !hold) return true;
    const slot = slots[hold.slot];
    return slot?.token === hold.token && slot.holder?.path === path && slot.holder.attempt === attempt.number;
  });
}

const isQuiet = ({ processes, messages }: EngineState): boolean => processes.length === 0 && messages.length === 0;

const poolPromises = {
  'who works has its slot, and nobody else has it': holdItsSlot,
  'nobody has a slot when all is over': (state: EngineState) =>
    !isQuiet(state) ||
    state.sweeps > 0 ||
    slotsOf(state).every(({ holder }) => !holder || tasksOf(state).some(({ attempt }) => attempt)),
};

export const pooling: Protocol = {
  name: 'pool',
  title: 'Slots of a pool',
  bounds: small,
  about:
    'Two tasks and one slot of a pool: taking, queueing, giving back, waking, and the sweeper, which marks and takes back.',
  create: (bounds) =>
    modelOf(
      smallPlan({ a: { retry: once }, b: { retry: once } }, { agents: agentsOf(['a', 'b'], poolOf(1)) }),
      bounds,
      {
        messages: ['dispatch a', 'dispatch b'],
        invariants: {
          ...poolPromises,
          'no more work at once than there are slots': (state) =>
            tasksOf(state).filter(({ attempt }) => attempt !== undefined).length <= 1,
        },
      },
    ),
};

export const fencing: Protocol = {
  name: 'pool-retry',
  title: 'Slots of a pool, and attempts that fail',
  bounds: small,
  about:
    'Two slots and two tasks, of which one is tried twice: the slot of an attempt is given back once, with the token that it was taken with.',
  create: (bounds) =>
    modelOf(
      smallPlan({ a: { retry: twice }, b: { retry: once } }, { agents: agentsOf(['a', 'b'], poolOf(2)) }),
      bounds,
      {
        messages: ['dispatch a', 'dispatch b'],
        timers: ['wake'],
        fails: (path, attempt) => path === 'a' && attempt === 1,
        invariants: poolPromises,
      },
    ),
};

export const reclaiming: Protocol = {
  name: 'pool-sweep',
  title: 'Slots and the sweeper',
  bounds: small,
  about: 'The sweeper looks at the slots of a pool while one of them changes hands.',
  create: (bounds) =>
    modelOf(
      smallPlan({ a: { retry: once }, b: { retry: once } }, { agents: agentsOf(['a', 'b'], poolOf(1)) }),
      bounds,
      {
        before: ['start', 'begin', 'dispatch a'],
        messages: ['answer a#1', 'dispatch b', 'reclaim 1', 'reclaim 2'],
        invariants: poolPromises,
      },
    ),
};

export const queueing: Protocol = {
  name: 'pool-queue',
  title: 'A queue with an end',
  bounds: small,
  about: 'Three tasks, one slot, and one place in its queue: whoever finds no place fails.',
  create: (bounds) => {
    const tasks = { a: { retry: once }, b: { retry: once }, c: { retry: once } };
    const agents = agentsOf(['a', 'b', 'c'], poolOf(1, 1));
    return modelOf(smallPlan(tasks, { agents, onFailure: 'continue' }), bounds, {
      before: ['start', 'begin', 'dispatch a'],
      messages: ['dispatch b', 'dispatch c'],
      invariants: {
        ...poolPromises,
        'no more wait than there is room in the queue': (state) => (recordsOf(state).parked ?? []).length <= 1,
      },
    });
  },
};

function accountOf(state: EngineState): BudgetAccount | undefined {
  return (recordsOf(state).limits ?? []).find(({ limit }: LimitRecord) => limit === BUDGET)?.budget;
}

function usedOf(state: EngineState): number {
  return accountOf(state)?.calls ?? 0;
}

function answersTo(state: EngineState): readonly Extract<SkeinEvent, { type: 'budget.decided' }>[] {
  return eventsOf(state).filter((event) => event.type === 'budget.decided');
}

const CALLS = 1;

const budgetPromises = {
  'no more calls than the budget has': (state: EngineState) => calls(state).length <= CALLS,
  'the count is not below what was called': (state: EngineState) => usedOf(state) >= calls(state).length,
};

export const budgeting: Protocol = {
  name: 'budget',
  title: 'A budget of calls',
  bounds: small,
  about:
    'Two tasks at once, and a budget that one of them uses up: each is counted in the commit that decides on its call.',
  create: (bounds) => {
    const budget = { calls: CALLS, onExceeded: 'fail' } as const;
    return modelOf(smallPlan({ a: { retry: once }, b: { retry: once } }, { budget, onFailure: 'continue' }), bounds, {
      messages: ['dispatch a', 'dispatch b'],
      invariants: budgetPromises,
    });
  },
};

export const sharing: Protocol = {
  name: 'budget-of-children',
  title: 'A budget that a child shares',
  bounds: small,
  about: 'A task, a child execution with another one, and one budget of calls for both.',
  create: (bounds) => {
    const budget = { calls: CALLS, onExceeded: 'fail' } as const;
    const plan = smallPlan({ a: { retry: once }, c: { workflow: 'inner' } }, { budget, onFailure: 'continue' });
    return modelOf(plan, bounds, {
      ...withChild(smallPlan({ x: { retry: once } }, { onFailure: 'continue' })),
      messages: ['dispatch a', 'dispatch c'],
      invariants: budgetPromises,
    });
  },
};

/** One call has used the budget up. */
const askingPlan = smallPlan(
  { a: { retry: once }, b: { retry: once }, c: { retry: once } },
  { budget: { calls: CALLS, onExceeded: 'ask' }, onFailure: 'continue' },
);
const askingBefore = ['start', 'begin', 'dispatch a'];
const RAISE = 'raise calls#1 2';

const askingPromises = {
  'one of those who decide is heard': (state: EngineState) => answersTo(state).length <= 1,
  'what was raised stays raised': (state: EngineState) => {
    const raised = answersTo(state).reduce((sum, { data }) => sum + (data.raise ?? 0), 0);
    return (accountOf(state)?.raised?.calls ?? 0) === raised;
  },
  'no more calls than the budget has by then': (state: EngineState) =>
    calls(state).length <= CALLS + (accountOf(state)?.raised?.calls ?? 0),
};

export const questioning: Protocol = {
  name: 'budget-question',
  title: 'A budget that asks',
  bounds: small,
  about: 'A budget is used up, and two tasks come at once: people are asked once, and raise it for both.',
  create: (bounds) =>
    modelOf(askingPlan, bounds, {
      before: askingBefore,
      messages: ['dispatch b', 'dispatch c'],
      // Whichever came first, by then there is a question.
      afterOperation: (operation) => (operation === 'dispatch b' ? [RAISE] : []),
      invariants: askingPromises,
    }),
};

export const answering: Protocol = {
  name: 'budget-answer',
  title: 'The answer about a budget against a stop',
  bounds: small,
  about:
    'Two tasks wait for a budget that people were asked about: one raises it while another one stops the execution.',
  create: (bounds) =>
    modelOf(askingPlan, bounds, {
      before: [...askingBefore, 'dispatch b', 'dispatch c'],
      messages: [RAISE, 'cancel'],
      invariants: { ...askingPromises, ...appendsOnly },
    }),
};

export const breaking: Protocol = {
  name: 'breaker-and-tasks',
  title: 'A breaker between tasks',
  bounds: small,
  about:
    'Two tasks of an agent that fails once, behind a breaker that opens at once; it is tried later, and somebody resets it.',
  create: (bounds) => {
    const settings = { failureThreshold: 1, successThreshold: 1, timeout: 60, halfOpenMaxCalls: 1 };
    const agents = agentsOf(['a', 'b'], { breaker: { ...settings, whenOpen: 'wait' } });
    return modelOf(smallPlan({ a: { retry: twice }, b: { retry: once } }, { agents, onFailure: 'continue' }), bounds, {
      messages: ['dispatch a', 'dispatch b', 'reset any_agent'],
      timers: ['wake'],
      fails: (path, attempt) => path === 'a' && attempt === 1,
      invariants: {
        'nobody else is called while a half-open one is tried': (state) => {
          const [breaker] = controlsOf(state, 'breaker').map(({ value }) => value as Breaker);
          if (breaker?.status !== 'half_open') return true;
          const out = tasksOf(state).filter(({ attempt }) => attempt?.holds?.breaker?.epoch === breaker.epoch);
          return out.length <= settings.halfOpenMaxCalls;
        },
      },
    });
  },
};

const SECONDS = 60;

export const pacing: Protocol = {
  name: 'rate',
  title: 'Calls of a rate limit',
  bounds: small,
  about:
    'Two tasks of an agent that may be called once in a minute: the call that is written down, the queue, and the timer for its turn.',
  create: (bounds) => {
    const agents = agentsOf(['a', 'b'], { rate: { calls: 1, per: SECONDS } });
    return modelOf(smallPlan({ a: { retry: once }, b: { retry: once } }, { agents }), bounds, {
      messages: ['dispatch a', 'dispatch b'],
      timers: ['wake'],
      invariants: {
        'no more attempts in any span than may be': (state) => {
          const begun = eventsOf(state).filter(({ type, data }) => type === 'task.assigned' && data.attempt > 0);
          const times = new Map(begun.map(({ path, time }) => [path, time]));
          const [one, other] = [times.get(taskPath('a')), times.get(taskPath('b'))];
          return one === undefined || other === undefined || Math.abs(one - other) >= SECONDS * 1_000;
        },
      },
    });
  },
};

export const caching: Protocol = {
  name: 'same-calls',
  title: 'Calls that are the same',
  bounds: small,
  about: 'Two items that make the same call: one of them makes it, and its answer is that of both.',
  create: (bounds) => {
    const plan = smallPlan({ a: { fanOut: 2, retry: once } });
    const tasks = plan.tasks.map((task) => ({ ...task, cache: { ttl: 3_600 } }));
    return modelOf({ ...plan, tasks }, bounds, {
      messages: ['dispatch a[0]', 'dispatch a[1]'],
      states: ['a[0]', 'a[1]'],
      invariants: { 'of calls that are the same one is made': (state) => calls(state).length <= 1 },
    });
  },
};

const executionsOf = ({ ledger }: EngineState): readonly ExecutionRecord[] =>
  itemsOf(ledger, 'execution') as readonly ExecutionRecord[];

const SECOND = 'exec_2';

const allEnded = (state: EngineState): boolean =>
  isQuiet(state) && executionsOf(state).every(({ status }) => isTerminal(status));

interface Turning {
  readonly before: readonly string[];
  readonly messages: readonly string[];
}

/** A workflow of which one execution may go on at a time. */
function turnsModel(bounds: Bounds, happening: Turning) {
  const turns = { maxExecutions: 1, onLimit: 'queue' } as const;
  return createEngineModel({
    ...bounds,
    ...happening,
    kinds,
    plans: { review: { ...smallPlan({ a: { retry: once } }), turns } },
    executions: ['exec_1', SECOND],
    startsMachines: true,
    isGoal: allEnded,
    invariants: {
      ...appendsOnly,
      'no more executions go on at once than may': (state) =>
        executionsOf(state).filter(({ status }) => !isTerminal(status) && status !== 'queued').length <= 1,
    },
  });
}

export const takingTurns: Protocol = {
  name: 'turns',
  title: 'Turns of executions',
  bounds: small,
  about: 'Two executions of a workflow of which one may go on at a time: the other waits in its queue.',
  create: (bounds) => turnsModel(bounds, { before: [], messages: ['start', `start@${SECOND}`] }),
};

export const endingQueued: Protocol = {
  name: 'turns-and-stop',
  title: 'A stop of an execution that waits for its turn',
  bounds: small,
  about: 'One execution ends while another one, which waits for its turn, is cancelled.',
  create: (bounds) =>
    turnsModel(bounds, {
      before: ['start', 'begin', 'dispatch a', 'answer a#1', `start@${SECOND}`],
      messages: ['conclude', `cancel@${SECOND}`],
    }),
};

/** Two who want to start where only one may, and no execution before. */
function entryModel(bounds: Bounds, entry: { readonly exclusive?: boolean; readonly most?: number }) {
  return createEngineModel({
    ...bounds,
    kinds,
    entry,
    plans: { review: smallPlan({ a: { retry: once } }) },
    before: [],
    messages: ['start', `start@${SECOND}`],
    executions: ['exec_1', SECOND],
    startsMachines: true,
    isGoal: (state) => isQuiet(state) && executionsOf(state).every(({ status }) => isTerminal(status)),
    invariants: {
      'no more executions at once than may be': (state) =>
        executionsOf(state).filter(({ status }) => !isTerminal(status)).length <= 1,
      'of those who come, one gets in': (state) => !isQuiet(state) || executionsOf(state).length > 0,
    },
  });
}

export const entering: Protocol = {
  name: 'entry-exclusive',
  title: 'One execution of a workflow at a time',
  bounds: small,
  about: 'Two who start the same workflow, of which only one execution may go on.',
  create: (bounds) => entryModel(bounds, { exclusive: true }),
};

export const crowding: Protocol = {
  name: 'entry-places',
  title: 'Places for executions',
  bounds: small,
  about: 'Two who start an execution where one may go on.',
  create: (bounds) => entryModel(bounds, { most: 1 }),
};
