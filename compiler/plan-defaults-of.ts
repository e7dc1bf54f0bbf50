import type { PlanDefaults } from '../core/plan/index.ts';
import type { Settings } from '../core/settings/index.ts';

const SECONDS_OF_AN_HOUR = 3_600;

type PlanSetting =
  | 'WORKFLOW_TIMEOUT_HOURS'
  | 'CIRCUIT_BREAKER_FAILURE_THRESHOLD'
  | 'AGENT_ALLOCATION_TIMEOUT_SECONDS'
  | 'SAGA_COMPENSATION_TIMEOUT_SECONDS';

/** What an operator's settings say to definitions that say nothing. */
export function planDefaultsOf({
  WORKFLOW_TIMEOUT_HOURS: hours,
  CIRCUIT_BREAKER_FAILURE_THRESHOLD: failureThreshold,
  AGENT_ALLOCATION_TIMEOUT_SECONDS: queueTimeout,
  SAGA_COMPENSATION_TIMEOUT_SECONDS: compensationTimeout,
}: Pick<Settings, PlanSetting>): PlanDefaults {
  return { timeout: hours * SECONDS_OF_AN_HOUR, failureThreshold, queueTimeout, compensationTimeout };
}
