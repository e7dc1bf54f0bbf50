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
  'a region shrugs off every failure in it': {
    ...theRules,
    regionStatus: (members) => theRules.regionStatus(members.map((member) => ({ ...member, harms: false }))),
  },
  'a region is skipped when one member is': {
    ...theRules,
    regionStatus: (members) =>
      members.some(({ status }) => status === 'skipped') ? 'skipped' : theRules.regionStatus(members),
  },
  'a region that was skipped has succeeded': {
    ...theRules,
    regionStatus: (members) => {
      const status = theRules.regionStatus(members);
      return status === 'skipped' ? 'succeeded' : status;
    },
  },
  'no call may fail': { ...theRules, toleratedOf: () => 0 },
  'one call more may fail': {
    ...theRules,
    toleratedOf: (tolerate, items) => theRules.toleratedOf(tolerate, items) + 1,
  },
  'a share of items is rounded up': {
    ...theRules,
    toleratedOf: (tolerate, items) => {
      const share = typeof tolerate === 'string' ? Number.parseInt(tolerate, 10) / 100 : 0;
      return Math.max(theRules.toleratedOf(tolerate, items), Math.ceil(share * items));
    },
  },
  'a batch has one item more': {
    ...theRules,
    callsOf: (items, batch) => theRules.callsOf(items, batch === undefined ? undefined : batch + 1),
  },
  'every item is a batch': { ...theRules, callsOf: (items, batch) => theRules.callsOf(items, batch ?? 1) },
  'any event will do': { ...theRules, matchesEvent: () => true },
  'no event will do': { ...theRules, matchesEvent: () => false },
};
