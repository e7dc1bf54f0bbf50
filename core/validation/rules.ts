import type { Rule } from './rule.ts';
import { hasOwner, hasTimeouts, retriesAreSafe } from './rules/advice.ts';
import { fanOuts, knownAgents, knownAgentTypes } from './rules/agents.ts';
import { conditions } from './rules/conditions.ts';
import { noCycles } from './rules/cycles.ts';
import {
  dependenciesInRegion,
  knownDependencies,
  noDuplicateDependency,
  noSelfDependency,
  reachableQuorum,
} from './rules/dependencies.ts';
import { soundExpressions } from './rules/expressions.ts';
import { executedKeys, executedRuntimes } from './rules/not-executed.ts';
import { knownRetryPolicies, timeoutsFit } from './rules/policies.ts';
import { reachability } from './rules/reachability.ts';
import { soundSchemas } from './rules/schemas.ts';
import { noSecrets } from './rules/secrets.ts';
import { uniqueTaskIds } from './rules/task-ids.ts';
import { oneKind } from './rules/task-kind.ts';

/** Every rule. Each is independent of the others and of their order. */
export const rules: readonly Rule[] = [
  uniqueTaskIds,
  oneKind,
  knownDependencies,
  dependenciesInRegion,
  noSelfDependency,
  noDuplicateDependency,
  noCycles,
  reachableQuorum,
  knownAgents,
  knownAgentTypes,
  fanOuts,
  soundExpressions,
  conditions,
  reachability,
  knownRetryPolicies,
  timeoutsFit,
  soundSchemas,
  executedKeys,
  executedRuntimes,
  hasOwner,
  hasTimeouts,
  retriesAreSafe,
  noSecrets,
];
