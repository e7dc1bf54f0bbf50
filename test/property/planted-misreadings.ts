import type { Scenario, TaskDocument, WorkflowDocument } from '../../simulation/index.ts';
import { reshapeTasks, reshapeWorkflows } from './reshape.ts';

type Workflow = WorkflowDocument['workflow'];
type Misreading = (scenario: Scenario) => Scenario;

const misread =
  (change: (workflow: Workflow) => Partial<Workflow>): Misreading =>
  (scenario) =>
    reshapeWorkflows(scenario, change);

const tolerance = (change: Workflow['fault_tolerance']): Misreading =>
  misread(({ fault_tolerance: own }) => ({ fault_tolerance: { ...own, ...change } }));

const misreadTasks =
  (change: (task: TaskDocument) => Partial<TaskDocument>): Misreading =>
  (scenario) =>
    reshapeTasks(scenario, change);

const misreadLoops = (change: Partial<TaskDocument['loop']>): Misreading =>
  misreadTasks(({ loop }) => (loop ? { loop: { ...loop, ...change } } : {}));

const misreadForEach = (change: Partial<TaskDocument['for_each']>): Misreading =>
  misreadTasks(({ for_each: each }) => (each ? { for_each: { ...each, ...change } } : {}));

const isContainer = ({ group, loop, for_each: each }: TaskDocument): boolean => Boolean(group ?? loop ?? each);

const untold: Misreading = (scenario) => ({
  ...scenario,
  script: Object.fromEntries(
    Object.entries(scenario.script).map(([path, behaviours]) => [
      path,
      behaviours.map((behaviour) => ({ ...behaviour, obeysStop: undefined })),
    ]),
  ),
});

/** What the author or the script says, taken for something else. */
export const plantedMisreadings: Readonly<Record<string, Misreading>> = {
  'never stops': tolerance({ on_failure: 'continue' }),
  'always drains': tolerance({ on_failure: 'drain' }),
  'always fails fast': tolerance({ on_failure: 'fail_fast' }),
  'gives no grace': tolerance({ grace: 0 }),
  'gives too much grace': tolerance({ grace: 60 }),
  'forgets that a task may fail': misreadTasks(() => ({ continue_on_failure: false })),
  'forgets that a container may fail': misreadTasks((task) =>
    isContainer(task) ? { continue_on_failure: false } : {},
  ),
  'lets every task fail': misreadTasks(() => ({ continue_on_failure: true })),
  'knows no max_parallel': misread(() => ({ concurrency: undefined })),
  'knows no max_parallel of a group': misreadTasks(({ group }) =>
    group ? { group: { ...group, max_parallel: undefined } } : {},
  ),
  'runs one at a time': misread(() => ({ concurrency: { max_parallel: 1 } })),
  'knows no timeout of the execution': misread(() => ({ timeout: '24h' })),
  'knows no timeout of a task': misreadTasks(({ agent, requires, workflow }) =>
    (agent ?? requires ?? workflow) ? { timeout: '3h' } : {},
  ),
  'knows no heartbeat': misreadTasks(() => ({ heartbeat: undefined })),
  'knows no defaults': misread(() => ({ defaults: undefined })),
  'knows no flat retry keys': misread(() => ({
    max_retries: undefined,
    retry_delay: undefined,
    max_retry_delay: undefined,
    exponential_backoff: undefined,
  })),
  'goes round once more': misreadTasks(({ loop }) =>
    loop ? { loop: { ...loop, max_iterations: loop.max_iterations + 1 } } : {},
  ),
  'goes round without looking': misreadLoops({ until: undefined, on_exhausted: undefined }),
  'is content with what is exhausted': misreadLoops({ on_exhausted: undefined }),
  'takes any number of items': misreadForEach({ max_items: undefined }),
  'makes all calls at once': misreadForEach({ max_concurrency: 99 }),
  'makes one call at a time': misreadForEach({ max_concurrency: 1 }),
  'knows no batches': misreadForEach({ batch: undefined }),
  'waits for any event': misreadTasks(({ wait }) => (wait ? { wait: { ...wait, match: undefined } } : {})),
  'waits for an event as long as it takes': misreadTasks(({ wait }) =>
    wait?.event === undefined ? {} : { wait: { ...wait, timeout: undefined } },
  ),
  'waits a second longer': misreadTasks(({ wait }) =>
    typeof wait?.seconds === 'number' ? { wait: { ...wait, seconds: wait.seconds + 1 } } : {},
  ),
  'emits another event': misreadTasks(({ emit }) => (emit ? { emit: { ...emit, event: `${emit.event}-again` } } : {})),
  'hears nothing from outside': (scenario) => ({ ...scenario, events: undefined }),
  'ignores a cancel command': (scenario) => ({ ...scenario, cancelAt: undefined }),
  'ignores pauses': (scenario) => ({ ...scenario, pauses: undefined }),
  'is paused for too long': (scenario) => ({
    ...scenario,
    pauses: scenario.pauses?.map(({ at, until }, index, all) => ({
      at,
      until: Math.min(until + 1, (all[index + 1]?.at ?? Infinity) - 1),
    })),
  }),
  'tells no agent to stop': untold,
};
