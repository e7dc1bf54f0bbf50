import type { Scenario, WorkflowDocument } from '../makers/scenario.ts';
import type { Edge, Join, Task } from './reading.ts';
import { theRules, type ReplaceableRules } from './replaceable-rules.ts';

type VerdictOf = ReplaceableRules['verdictOf'];
type StatusOf = Parameters<VerdictOf>[2];

const withVerdict = (verdictOf: VerdictOf): ReplaceableRules => ({ ...theRules, verdictOf });

/** The join taken for another one. */
function joinFor(change: (join: Join, task: Pick<Task, 'dependsOn'>) => Join): ReplaceableRules {
  return withVerdict((task, propagates, statusOf) =>
    theRules.verdictOf({ ...task, join: change(task.join, task) }, propagates, statusOf),
  );
}

/** The producer's status taken for another one. */
function statusFor(change: (status: ReturnType<StatusOf>, edge: Edge) => ReturnType<StatusOf>): ReplaceableRules {
  return withVerdict((task, propagates, statusOf) =>
    theRules.verdictOf(task, propagates, (edge) => change(statusOf(edge), edge)),
  );
}

/** What is decided at once, decided only when everything has settled. */
const late = (joins: (join: Join) => boolean): ReplaceableRules =>
  withVerdict((task, propagates, statusOf) => {
    const isOpen = task.dependsOn.some((edge) => statusOf(edge) === undefined);
    return isOpen && joins(task.join) ? 'wait' : theRules.verdictOf(task, propagates, statusOf);
  });

const quorumOf = (join: Join): number | undefined => (typeof join === 'string' ? undefined : join.quorum);

/** The rules with one mistake each. */
export const plantedRules: Readonly<Record<string, ReplaceableRules>> = {
  'all_success is all_done': joinFor((join) => (join === 'all_success' ? 'all_done' : join)),
  'all_success is none_failed': joinFor((join) => (join === 'all_success' ? 'none_failed' : join)),
  'none_failed is all_success': joinFor((join) => (join === 'none_failed' ? 'all_success' : join)),
  'all_done is all_success': joinFor((join) => (join === 'all_done' ? 'all_success' : join)),
  'any_success is all_success': joinFor((join) => (join === 'any_success' ? 'all_success' : join)),
  'a quorum wants everybody': joinFor((join, task) => (quorumOf(join) ? { quorum: task.dependsOn.length } : join)),
  'a quorum is content with anybody': joinFor((join) => (quorumOf(join) ? 'any_success' : join)),
  'any_success and quorum wait for the last': late((join) => join === 'any_success' || typeof join !== 'string'),
  'all_success waits for the last although one is bad': late((join) => join === 'all_success'),
  'on_skip is the other way round': withVerdict((task, propagates, statusOf) =>
    theRules.verdictOf(task, !propagates, statusOf),
  ),
  'a skip is a success': statusFor((status, { on }) =>
    on === 'success' && status === 'skipped' ? 'succeeded' : status,
  ),
  'on failure does not mean upstream_failed': statusFor((status, { on }) =>
    on === 'failure' && status === 'upstream_failed' ? 'skipped' : status,
  ),
  'on skipped means upstream_failed too': statusFor((status, { on }) =>
    on === 'skipped' && status === 'upstream_failed' ? 'skipped' : status,
  ),
  'upstream_failed does no harm': statusFor((status) => (status === 'upstream_failed' ? 'succeeded' : status)),
  'max_attempts counts the retries': {
    ...theRules,
    mayRetry: (work, error, attempt) => theRules.mayRetry(work, error, attempt - 1),
  },
  'nothing is retried': { ...theRules, mayRetry: () => false },
  'every error is retried': {
    ...theRules,
    mayRetry: (work, error, attempt) => theRules.mayRetry(work, { ...error, retryable: true }, attempt),
  },
  'retry_on means nothing': {
    ...theRules,
    mayRetry: (work, error, attempt) => {
      const policy = { ...work.policy, retryOn: undefined };
      return theRules.mayRetry({ policy }, error, attempt);
    },
  },
  "the agent's own word means nothing": {
    ...theRules,
    mayRetry: (work, { name, message }, attempt) => theRules.mayRetry(work, { name, message }, attempt),
  },
  'a fan-out is skipped when one item is': {
    ...theRules,
    fanStatus: (items) => (items.includes('skipped') ? 'skipped' : theRules.fanStatus(items)),
  },
  'a fan-out succeeds when one item does': {
    ...theRules,
    fanStatus: (items) => (items.includes('succeeded') ? 'succeeded' : theRules.fanStatus(items)),
  },
};

type Workflow = WorkflowDocument['workflow'];

function misread(change: (workflow: Workflow) => Partial<Workflow>): (scenario: Scenario) => Scenario {
  return (scenario) => {
    const { workflow } = scenario.document;
    return { ...scenario, document: { workflow: { ...workflow, ...change(workflow) } } };
  };
}

const tolerance = (change: Workflow['fault_tolerance']): ((scenario: Scenario) => Scenario) =>
  misread(({ fault_tolerance: own }) => ({ fault_tolerance: { ...own, ...change } }));

/** What the author or the script says, taken for something else. */
export const plantedMisreadings: Readonly<Record<string, (scenario: Scenario) => Scenario>> = {
  'never stops': tolerance({ on_failure: 'continue' }),
  'always drains': tolerance({ on_failure: 'drain' }),
  'always fails fast': tolerance({ on_failure: 'fail_fast' }),
  'gives no grace': tolerance({ grace: 0 }),
  'gives too much grace': tolerance({ grace: 60 }),
  'forgets that a task may fail': misread(({ tasks }) => ({
    tasks: tasks.map((task) => ({ ...task, continue_on_failure: false })),
  })),
  'lets every task fail': misread(({ tasks }) => ({
    tasks: tasks.map((task) => ({ ...task, continue_on_failure: true })),
  })),
  'knows no max_parallel': misread(() => ({ concurrency: undefined })),
  'runs one at a time': misread(() => ({ concurrency: { max_parallel: 1 } })),
  'knows no timeout of the execution': misread(() => ({ timeout: '24h' })),
  'knows no timeout of a task': misread(({ tasks }) => ({ tasks: tasks.map((task) => ({ ...task, timeout: '3h' })) })),
  'knows no heartbeat': misread(({ tasks }) => ({ tasks: tasks.map((task) => ({ ...task, heartbeat: undefined })) })),
  'ignores a cancel command': (scenario) => ({ ...scenario, cancelAt: undefined }),
  'tells no agent to stop': (scenario) => ({
    ...scenario,
    script: Object.fromEntries(
      Object.entries(scenario.script).map(([path, behaviours]) => [
        path,
        behaviours.map((behaviour) => ({ ...behaviour, obeysStop: undefined })),
      ]),
    ),
  }),
};
