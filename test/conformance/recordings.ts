// Recordings of what AWS Step Functions did; the README.md beside them says what each member means.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Json, JsonObject } from '../../core/json/index.ts';

/** Beside the checkout, unless the environment names another folder. */
export const recordingsFolder =
  process.env['SKEIN_CONFORMANCE'] ?? fileURLToPath(new URL('../../../shared/conformance/asl', import.meta.url));

export interface RecordedEvent {
  /** 0 where the recording does not keep the order: between the branches of a Parallel. */
  readonly id: number;
  readonly prev: number;
  readonly type: string;
  readonly details?: JsonObject;
}

export interface RecordedCall {
  readonly state: string;
  readonly parameters?: Json;
  readonly input?: Json;
  /** What the service answered to the request, where the task then waited for more. */
  readonly submitted?: Json;
  readonly result: {
    readonly output?: Json;
    readonly error?: string | null;
    readonly cause?: string;
    readonly timedOut?: boolean;
  };
}

export interface Recording {
  readonly id: string;
  readonly family: string;
  readonly kind: 'execution' | 'test_state' | 'test_state_rejected' | 'validation';
  readonly queryLanguage: 'JSONata' | 'JSONPath' | 'mixed';
  readonly definition: Json;
  readonly input: Json;
  /** `task-answers-unknown` among others. */
  readonly notes: readonly string[];
  readonly tasks: readonly RecordedCall[];
  /** Of executions. */
  readonly context?: {
    readonly stateMachineName: string;
    readonly executionName: string;
    readonly roleArn: string;
    readonly accountId: string;
    readonly region: string;
  };
  readonly wildcards?: readonly string[];
  readonly expected: {
    readonly status: string;
    readonly output?: Json;
    readonly error?: string;
    readonly cause?: string;
    readonly causeJson?: Json;
    readonly history?: readonly RecordedEvent[];
  };
}

/** Undefined where there is no such folder. */
export function readRecordings(folder: string): Recording[] | undefined {
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .flatMap((file) => readFileSync(`${folder}/${file}`, 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as Recording);
}
