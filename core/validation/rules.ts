import type { Rule } from './rule.ts';
import { cachesAreHarmless, hasOwner, hasTimeouts, retriesAreSafe } from './rules/advice.ts';
import { capableAgentExists, fanOuts, heartbeatsCome, knownAgents, knownAgentTypes } from './rules/agents.ts';
import { childrenEnd, knownChildren } from './rules/children.ts';
import { conditions } from './rules/conditions.ts';
import { noCycles } from './rules/cycles.ts';
import {
  dependenciesInRegion,
  knownDependencies,
  noDuplicateDependency,
  noSelfDependency,
  reachableQuorum,
} from './rules/dependencies.ts';
import { eventsComeInTime } from './rules/events.ts';
import { soundExpressions } from './rules/expressions.ts';
import { boundedItems, itemsAreList, oneFanOut } from './rules/for-each.ts';
import { inputsFit } from './rules/inputs.ts';
import { loopsDecide, previousIsAsked, soundBounds } from './rules/loops.ts';
import { evaluatedPlaces } from './rules/not-evaluated.ts';
import { executedKeys, executedRuntimes } from './rules/not-executed.ts';
import { knownRetryPolicies, ownPolicyNames } from './rules/policies.ts';
import { knownPools, roomForFanOut, roomInQueue } from './rules/pools.ts';
import { sameRates } from './rules/rates.ts';
import { reachability } from './rules/reachability.ts';
import { pivotsAreDoneOnce, sagaIsThere } from './rules/sagas.ts';
import { readsFitSchemas } from './rules/schema-reads.ts';
import { soundSchemas } from './rules/schemas.ts';
import { noSecrets } from './rules/secrets.ts';
import { uniqueTaskIds } from './rules/task-ids.ts';
import { meaningfulKeys, oneKind } from './rules/task-kind.ts';
import { heartbeatsFit, iterationsFit, timeoutsFit } from './rules/timeouts.ts';
import { oneWait, waitsUntilTime } from './rules/waits.ts';

/** Every rule. Each is independent of the others and of their order. */
export const rules: readonly Rule[] = [
  uniqueTaskIds,
  oneKind,
  meaningfulKeys,
  knownDependencies,
  dependenciesInRegion,
  noSelfDependency,
  noDuplicateDependency,
  noCycles,
  reachableQuorum,
  knownAgents,
  knownAgentTypes,
  capableAgentExists,
  fanOuts,
  oneFanOut,
  boundedItems,
  itemsAreList,
  oneWait,
  waitsUntilTime,
  loopsDecide,
  soundExpressions,
  evaluatedPlaces,
  conditions,
  reachability,
  readsFitSchemas,
  inputsFit,
  knownChildren,
  childrenEnd,
  knownRetryPolicies,
  ownPolicyNames,
  timeoutsFit,
  sagaIsThere,
  pivotsAreDoneOnce,
  soundSchemas,
  knownPools,
  roomForFanOut,
  roomInQueue,
  sameRates,
  eventsComeInTime,
  executedKeys,
  executedRuntimes,
  hasOwner,
  hasTimeouts,
  retriesAreSafe,
  cachesAreHarmless,
  iterationsFit,
  previousIsAsked,
  heartbeatsFit,
  heartbeatsCome,
  soundBounds,
  noSecrets,
];
