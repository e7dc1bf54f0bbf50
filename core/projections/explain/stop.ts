import { isTerminal, type Attempt, type ExecutionRecord, type StopReason } from '../../execution/index.ts';
import { afterFailure, failureLinks } from './failure.ts';
import { endOfChild, link, type Findings, type NextStep } from './explanation.ts';
import type { Situation } from './situation.ts';
import { duration, moment, nameList, quoted } from './wording.ts';

/** Why an execution stops or was stopped, down to the task whose failure did it; and what its end still waits for. */
export function explainStop(situation: Situation): Findings {
  const { execution, running } = situation;
  const ended = isTerminal(execution.status);
  const verb = ended ? 'was stopped' : 'is stopping';
  const waits = ended || running.length === 0 ? '' : `, and waits for ${nameList(running.map((task) => task.path))}`;
  const clause = `Execution ${quoted(execution.id)} ${verb} because ${stopCause(execution)}${waits}`;
  const failed = execution.stopping?.task === undefined ? undefined : situation.find(execution.stopping.task);
  const chain = [link('', 'stopping', clause), ...(failed ? failureLinks(situation, failed) : [])];
  if (!ended) return { chain, next: endOfStop(situation) };
  return failed ? { chain, next: afterFailure(situation, failed) } : { chain };
}

/** A live attempt counts until its own deadline or the end of the grace period, whichever comes first. */
export function lastMoment({ execution: { status, stopping }, plan }: Situation, attempt: Attempt): number {
  return status === 'stopping' && stopping && !stopping.drain
    ? Math.min(attempt.deadline, stopping.at + plan.grace * 1000)
    : attempt.deadline;
}

/** Milliseconds that the execution had, pauses left out. */
export function timeoutOf({ startedAt, deadline, pausedFor = 0 }: ExecutionRecord): number {
  return deadline - startedAt - pausedFor;
}

function stopCause(execution: ExecutionRecord): string {
  const { stopping } = execution;
  const causes: Record<StopReason, string> = {
    failure: `task ${quoted(stopping?.task ?? '')} failed`,
    cancel: stopping?.by === undefined ? 'it was cancelled' : `${quoted(stopping.by)} cancelled it`,
    timeout: `it did not end within ${duration(timeoutOf(execution))}`,
    engine_error: 'its machine ended before every task had settled',
  };
  return causes[stopping?.reason ?? 'engine_error'];
}

function endOfStop(situation: Situation): NextStep {
  const [first] = situation.running;
  if (first?.child !== undefined) return endOfChild(first.child);
  if (!first?.attempt) return { what: 'the engine ends the execution', who: 'engine' };
  const { agent } = situation.index.agentAt(first.path);
  const until = moment(lastMoment(situation, first.attempt), situation.now);
  const what = `agent ${quoted(agent)} must answer attempt ${first.attempt.number} of ${quoted(first.path)} by ${until}, or the task becomes unknown`;
  return { what, who: 'agent' };
}
