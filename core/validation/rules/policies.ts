import { didYouMean } from '../../diagnostics/index.ts';
import type { Finding, Path, RetryPolicyDocument } from '../../definition/index.ts';
import { pathTo } from '../region.ts';
import type { RuleContext } from '../rule.ts';

const builtIn = ['none', 'fixed', 'exponential_backoff'];

/** Longer lists help nobody to find a name. */
const MOST_LISTED = 12;

/** VAL212: a policy's name is known. */
export function* knownRetryPolicies(context: RuleContext): Generator<Finding> {
  const { workflow, tasks } = context;
  yield* unknownPolicy(workflow.defaults?.retry_policy, ['workflow', 'defaults', 'retry_policy'], context);
  for (const placed of tasks) {
    const { retry_policy, compensate } = placed.task;
    yield* unknownPolicy(retry_policy, pathTo(placed, 'retry_policy'), context);
    yield* unknownPolicy(compensate?.retry_policy, pathTo(placed, 'compensate', 'retry_policy'), context);
  }
}

function* unknownPolicy(
  policy: string | RetryPolicyDocument | undefined,
  path: Path,
  { workflow: { retry_policies } }: RuleContext,
): Generator<Finding> {
  if (typeof policy !== 'string' || builtIn.includes(policy) || Object.hasOwn(retry_policies, policy)) return;
  const known = [...builtIn, ...Object.keys(retry_policies)];
  const near = didYouMean(policy, known);
  const more = known.length > MOST_LISTED ? ', …' : '';
  yield {
    code: 'VAL212',
    message: `There is no retry policy \`${policy}\`.`,
    path,
    hint:
      near === undefined ? `there are ${known.slice(0, MOST_LISTED).join(', ')}${more}` : `did you mean \`${near}\`?`,
  };
}

/** VAL233: a built-in name means the same in every workflow. */
export function* ownPolicyNames({ workflow }: RuleContext): Generator<Finding> {
  for (const name of builtIn) {
    if (!Object.hasOwn(workflow.retry_policies, name)) continue;
    const message = `\`${name}\` is a built-in policy, and this one would stand in its place.`;
    yield {
      code: 'VAL233',
      message,
      path: ['workflow', 'retry_policies', name],
      part: 'key',
      hint: 'give it another name',
    };
  }
}
