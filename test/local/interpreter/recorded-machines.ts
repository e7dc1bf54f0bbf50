import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Json, JsonObject } from '../../../core/json/index.ts';

/** Recordings of AWS Step Functions, beside the checkout; their README.md says what each member means. */
const folder = fileURLToPath(new URL('../../../../shared/conformance/asl/', import.meta.url));

export interface RecordedEvent {
  readonly id: number;
  readonly prev: number;
  readonly type: string;
}

export interface RecordedCall {
  readonly result: { readonly error?: string; readonly cause?: string; readonly timedOut?: boolean };
}

export interface RecordedMachine {
  readonly id: string;
  readonly kind: string;
  readonly queryLanguage: 'JSONata' | 'JSONPath' | 'mixed';
  readonly definition: JsonObject;
  readonly input: Json;
  readonly tasks: readonly RecordedCall[];
  readonly wildcards?: readonly string[];
  readonly expected: {
    readonly status: string;
    readonly output?: Json;
    readonly error?: string;
    readonly cause?: string;
    readonly history?: readonly RecordedEvent[];
    readonly historyOrder?: 'exact' | 'parallel-unordered';
  };
}

/** Undefined where the recordings do not lie beside the checkout. */
export function readRecordings(): RecordedMachine[] | undefined {
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) =>
      readFileSync(folder + file, 'utf8')
        .trim()
        .split('\n'),
    )
    .map((line) => JSON.parse(line) as RecordedMachine)
    .filter(({ kind, definition }) => kind === 'execution' && typeof definition === 'object');
}

type JsonMembers = Record<string, Json>;

function statesOf(definition: JsonObject): JsonMembers[] {
  return Object.values((definition['States'] ?? {}) as Record<string, JsonMembers>).flatMap((state) => {
    const inner = [
      ...((state['Branches'] as JsonObject[] | undefined) ?? []),
      state['ItemProcessor'],
      state['Iterator'],
    ];
    return [
      state,
      ...inner.filter((branch) => branch !== undefined).flatMap((branch) => statesOf(branch as JsonObject)),
    ];
  });
}

const text = (value: Json): string => JSON.stringify(value);
const typed = (types: readonly string[]) => (state: JsonMembers) => types.includes(state['Type'] as string);

/** Why a recording is not replayed: what the compiler does not write, the interpreter does not read. First that fits. */
export const unsupported: readonly {
  readonly reason: string;
  readonly holds: (machine: RecordedMachine) => boolean;
}[] = [
  { reason: 'Map', holds: ({ definition }) => statesOf(definition).some(typed(['Map'])) },
  { reason: 'Wait', holds: ({ definition }) => statesOf(definition).some(typed(['Wait'])) },
  { reason: 'variables (Assign)', holds: ({ definition }) => /"Assign"/.test(text(definition)) },
  {
    reason: "Step Functions' own function $partition",
    holds: ({ definition }) => text(definition).includes('$partition'),
  },
  {
    reason: 'a resource other than lambda:invoke',
    holds: ({ definition }) =>
      statesOf(definition).some(
        ({ Type, Resource }) => Type === 'Task' && Resource !== 'arn:aws:states:::lambda:invoke',
      ),
  },
  {
    reason: 'fields of JSONPath',
    holds: ({ definition, queryLanguage }) =>
      queryLanguage !== 'JSONata' &&
      /"(InputPath|OutputPath|ResultPath|ResultSelector|Parameters|Result|Variable|\w+Path|[^"]*\.\$)":/.test(
        text(withArguments(definition)),
      ),
  },
];

const plainReference = /^\$(\.[A-Za-z]\w*)+$/;

/** `{"Payload.$": "$.Payload"}` said in JSONata. Anything less plain stays, and counts as JSONPath. */
function inJsonata(parameters: JsonMembers): JsonMembers {
  return Object.fromEntries(
    Object.entries(parameters).map(([key, value]) =>
      key.endsWith('.$') && plainReference.test(value as string)
        ? [key.slice(0, -2), `{% $states.input${(value as string).slice(1)} %}`]
        : [key, value],
    ),
  );
}

/** The machine with the Parameters of its tasks as Arguments, which is all that differs in many a JSONPath recording. */
export function withArguments(definition: JsonObject): JsonObject {
  const translate = ([name, { Parameters, ...state }]: [string, JsonMembers]): [string, JsonMembers] => {
    if (Parameters === undefined) return [name, state];
    if (state['Type'] !== 'Task') return [name, { ...state, Parameters }];
    return [name, { ...state, Arguments: inJsonata(Parameters as JsonMembers) }];
  };
  const states = Object.entries(definition['States'] as Record<string, JsonMembers>);
  return { ...definition, States: Object.fromEntries(states.map(translate)) };
}

/** Equal, where each wildcard stands for any value, also inside longer texts. */
export function matches(expected: Json | undefined, actual: Json | undefined, wildcards: readonly string[]): boolean {
  if (typeof expected === 'string' && typeof actual === 'string') return matchesText(expected, actual, wildcards);
  if (typeof expected === 'string' && wildcards.includes(expected)) return true;
  if (typeof expected !== 'object' || expected === null || typeof actual !== 'object' || actual === null) {
    return expected === actual;
  }
  const keys = Object.keys(expected);
  return (
    Array.isArray(expected) === Array.isArray(actual) &&
    keys.length === Object.keys(actual).length &&
    keys.every((key) => matches((expected as JsonMembers)[key], (actual as JsonMembers)[key], wildcards))
  );
}

const escaped = (plain: string): string => plain.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

function matchesText(expected: string, actual: string, wildcards: readonly string[]): boolean {
  const pattern = wildcards.reduce(
    (source, wildcard) => source.replaceAll(escaped(wildcard), '[^]*'),
    escaped(expected),
  );
  return new RegExp(`^${pattern}$`).test(actual);
}
