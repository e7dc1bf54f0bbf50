import type { HistoryEvent as DistantEvent } from '@aws-sdk/client-sfn';
import type { HistoryEvent } from '../../../local/interpreter/index.ts';
import type { StepFunctions } from './step-functions.ts';
import type { TwinExecution } from './twin-machines.ts';

type Visits = ReadonlyMap<string, number>;

/**
 * How an execution differs on the two sides; empty when it does not. Its end must be the same, and the number of visits of each
 * state, with one exception, because Step Functions does several things at once: where a failure or a stop has cut branches off,
 * a state that had not been visited before that moment may be visited on one side only.
 */
export async function differences(twin: TwinExecution, stepFunctions: StepFunctions): Promise<readonly string[]> {
  const distant = await Promise.all(twin.arns.map((arn) => stepFunctions.history(arn)));
  return [...endDifferences(twin), ...visitDifferences(twin.events, distant.flat())];
}

function endDifferences({ embedded, distant }: TwinExecution): string[] {
  // LocalStack forgets why an execution was stopped; a canary watches that.
  const here = describeEnd(embedded.status === 'ABORTED' ? { status: 'ABORTED' } : embedded);
  const there = describeEnd({ ...distant, output: distant.output && (JSON.parse(distant.output) as unknown) });
  return here === there ? [] : [`the interpreter ends ${here}, Step Functions ${there}`];
}

interface End {
  readonly status: string;
  readonly output?: unknown;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

function describeEnd({ status, output, error, cause }: End): string {
  return JSON.stringify({ status, output, error, cause });
}

function visitDifferences(here: readonly HistoryEvent[], there: readonly DistantEvent[]): string[] {
  const cut = here.find(({ type }) => type === 'ParallelStateFailed' || type === 'ExecutionAborted');
  const embedded = countEach(here.flatMap(enteredState));
  const before = countEach(
    here
      .filter(({ type, timestamp }) => type === 'TaskStateEntered' && timestamp < (cut?.timestamp ?? Infinity))
      .flatMap(enteredState),
  );
  const distant = countEach(there.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []));
  return [...new Set([...embedded.keys(), ...distant.keys()])].flatMap((name) => {
    const visits = embedded.get(name) ?? 0;
    const certain = before.get(name) ?? 0;
    const seen = distant.get(name) ?? 0;
    const agree = seen === visits || (cut !== undefined && seen >= certain && seen <= Math.max(visits, certain + 1));
    return agree ? [] : [`${name} is visited ${visits} times by the interpreter, ${seen} times by Step Functions`];
  });
}

function enteredState({ type, details }: HistoryEvent): string[] {
  const { name } = details;
  return type.endsWith('StateEntered') && typeof name === 'string' ? [name] : [];
}

function countEach(names: readonly string[]): Visits {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
