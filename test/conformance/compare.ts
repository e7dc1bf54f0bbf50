// What a replay must have in common with the recording.
import { isJsonObject, type Json, type JsonObject } from '../../core/json/index.ts';
import type { HistoryEvent, MachineResult } from '../local/interpreter/machine-stage.ts';
import type { RecordedEvent, Recording } from './recordings.ts';

/** One line for each difference; none where they agree. */
export function differences({ expected, wildcards = [] }: Recording, result: MachineResult): string[] {
  const output = 'output' in result ? result.output : undefined;
  const error = 'error' in result ? result.error : undefined;
  const cause = 'cause' in result ? result.cause : undefined;
  // A limit on the whole machine is recorded without its error.
  const told = expected.status === 'TIMED_OUT' ? (expected.error ?? error) : expected.error;
  return [
    ...difference('status', expected.status, result.status, []),
    ...difference('output', expected.output, output, wildcards),
    ...difference('error', told, error, wildcards),
    ...(expected.causeJson === undefined
      ? difference('cause', expected.cause, cause, wildcards)
      : difference('cause', expected.causeJson, parsed(cause), wildcards)),
    ...(expected.history ? historyDifferences(expected.history, result.history, wildcards) : []),
  ];
}

function difference(what: string, expected: Json | undefined, actual: Json | undefined, wildcards: readonly string[]) {
  if (matches(expected, actual, wildcards)) return [];
  return [`${what}: expected ${shown(expected)}, was ${shown(actual)}`];
}

function shown(value: Json | undefined): string {
  const text = value === undefined ? 'none' : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function parsed(text: string | undefined): Json | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Json);
  } catch {
    return text;
  }
}

/** Lost when the recordings were made; gaps in the ids show where. */
const lost = ['ParallelStateSucceeded', 'ParallelStateExited'];

function historyDifferences(
  recorded: readonly RecordedEvent[],
  events: readonly HistoryEvent[],
  wildcards: readonly string[],
): string[] {
  const byId = new Map(events.map((event) => [event.id, event]));
  const inOrder = recorded.filter(({ id }) => id > 0);
  const left = recorded.map(({ type }) => type);
  const unseen = events.filter(({ type }) => {
    const index = left.indexOf(type);
    if (index >= 0) left.splice(index, 1);
    return index < 0 && !lost.includes(type);
  });
  return [
    ...inOrder.flatMap((event) => eventDifferences(event, byId.get(event.id), wildcards)),
    ...left.map((type) => `history: ${type} is missing`),
    ...unseen.map(({ id, type }) => `history: ${type} is one too many, event ${id}`),
  ].slice(0, 5);
}

/** Said of the place, not of what happened. */
const ofThePlace = ['roleArn', 'region', 'taskCredentials', 'workerName', 'mapRunArn'];

function eventDifferences(recorded: RecordedEvent, event: HistoryEvent | undefined, wildcards: readonly string[]) {
  const { id, prev, type, details = {} } = recorded;
  const place = `event ${id} ${type}`;
  if (event?.type !== type) return [`history: expected ${place}, was ${event?.type ?? 'none'}`];
  if (event.previousEventId !== prev) return [`history: ${place} follows ${event.previousEventId}, not ${prev}`];
  const names = new Set([...Object.keys(details), ...Object.keys(event.details)]);
  return [...names]
    .filter((name) => !ofThePlace.includes(name))
    .flatMap((name) => memberDifference(`history: ${place}, ${name}`, name, details, event.details, wildcards));
}

// eslint-disable-next-line max-params
function memberDifference(
  what: string,
  name: string,
  expected: JsonObject,
  actual: JsonObject,
  wildcards: readonly string[],
): string[] {
  if (name === 'cause' && expected['causeJson'] !== undefined) return [];
  if (name !== 'causeJson') return difference(what, expected[name], actual[name], wildcards);
  const cause = actual['cause'];
  return difference(what, expected[name], parsed(typeof cause === 'string' ? cause : undefined), wildcards);
}

/** Equal, where each wildcard stands for any value, also inside longer texts. */
export function matches(expected: Json | undefined, actual: Json | undefined, wildcards: readonly string[]): boolean {
  if (typeof expected === 'string' && typeof actual === 'string') return matchesText(expected, actual, wildcards);
  if (typeof expected === 'string' && actual !== undefined && wildcards.includes(expected)) return true;
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const items = actual as readonly Json[];
    return (
      expected.length === items.length &&
      (expected as readonly Json[]).every((item, index) => matches(item, items[index], wildcards))
    );
  }
  if (!isJsonObject(expected) || !isJsonObject(actual)) return expected === actual;
  const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  // Recordings from before November 2023 know nothing of redriving, which the context has told of since.
  if (expected['RedriveCount'] === undefined) keys.delete('RedriveCount');
  return [...keys].every((key) => matches(expected[key], actual[key], wildcards));
}

const escaped = (plain: string): string => plain.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

function matchesText(expected: string, actual: string, wildcards: readonly string[]): boolean {
  if (expected === actual) return true;
  const pattern = wildcards.reduce(
    (source, wildcard) => source.replaceAll(escaped(wildcard), '[^]*'),
    escaped(expected),
  );
  return new RegExp(`^${pattern}$`).test(actual);
}
