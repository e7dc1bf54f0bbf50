import { isJsonObject, type Json, type JsonObject } from '../../core/json/index.ts';
import type { HistoryEvent, MachineResult } from '../../local/index.ts';
import { elapsed } from './numbers.ts';
import { oneLine } from './one-line.ts';
import type { Meaning, Style } from './style.ts';

const LONGEST_VALUE = 100;

function shortly(value: Json | undefined): string {
  const text = oneLine(JSON.stringify(value ?? null));
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

const offset = (milliseconds: number): string => `+${(milliseconds / 1_000).toFixed(3)} s`.padStart(11);

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** Tells a machine's events as they happen: what is entered and left, and what goes wrong. Knows whose event it is. */
export interface MachineTeller {
  /** One line, or undefined for an event that says nothing new. */
  lineOf(event: HistoryEvent): string | undefined;
}

/** `all` tells every event, with its details. */
export function createMachineTeller(style: Style, all: boolean): MachineTeller {
  /** By event: the state that it belongs to. Only entering and leaving name it; the others follow from these. */
  const states = new Map<number, string>();
  let start: number | undefined;
  return {
    lineOf(event) {
      const { id, previousEventId, timestamp, type, details } = event;
      start ??= timestamp;
      const isOwn = type.endsWith('StateEntered') || type.endsWith('StateExited');
      const state = isOwn ? textOf(details['name']) : (states.get(previousEventId) ?? '');
      states.set(id, state);
      const time = style('quiet', offset(timestamp - start));
      if (all)
        return `${time}  ${String(id).padStart(4)}  ${type}  ${style('quiet', oneLine(JSON.stringify(details)))}`;
      const told = tell(type, details);
      if (!told) return undefined;
      const [meaning, text] = told;
      return `${time}  ${style('emphasis', oneLine(state))}  ${style(meaning, oneLine(text))}`;
    },
  };
}

function tell(type: HistoryEvent['type'], details: JsonObject): readonly [Meaning, string] | undefined {
  if (type.endsWith('StateEntered'))
    return ['quiet', `${type.slice(0, -'StateEntered'.length)} of ${shortly(details['input'])}`];
  if (type.endsWith('StateExited')) return ['good', `→ ${shortly(details['output'])}${assignments(details)}`];
  if (type.endsWith('StateAborted')) return ['warning', 'is cut off'];
  if (type === 'EvaluationFailed') return ['bad', `evaluation failed: ${textOf(details['cause'])}`];
  if (type.endsWith('TimedOut') && type !== 'ExecutionTimedOut') return ['bad', 'timed out'];
  const isCall = /^(Task|LambdaFunction|Activity)(Scheduled|Failed)$/.exec(type);
  if (isCall?.[2] === 'Failed') return ['bad', `failed with ${failureText(details)}`];
  return isCall ? ['active', `calls ${callText(details)}`] : undefined;
}

function assignments({ assignedVariables }: JsonObject): string {
  if (!isJsonObject(assignedVariables)) return '';
  return Object.entries(assignedVariables)
    .map(([name, value]) => `, $${name} = ${shortly(value)}`)
    .join('');
}

function callText({ resource, resourceType, parameters, input }: JsonObject): string {
  const service = resourceType === undefined ? textOf(resource) : `${textOf(resourceType)}:${textOf(resource)}`;
  return `${service} with ${shortly(parameters ?? input)}`;
}

function failureText({ error, cause }: { readonly error?: Json; readonly cause?: Json }): string {
  const text = textOf(cause);
  return `${textOf(error) || 'no name'}${text === '' ? '' : `: ${text}`}`;
}

/** How it ended, in a line, and what it gave. */
export function renderMachineEnd(result: MachineResult, milliseconds: number, style: Style): string[] {
  const after = `after ${elapsed(milliseconds)}`;
  if (result.status === 'SUCCEEDED') {
    return [`${style('good', 'succeeded')} ${after}`, JSON.stringify(result.output, null, 2)];
  }
  if (result.status === 'ABORTED') return [`${style('bad', 'was ended')} ${after}: ${oneLine(result.cause)}`];
  const word = result.status === 'FAILED' ? 'failed' : 'timed out';
  return [`${style('bad', word)} ${after} with ${oneLine(failureText(result))}`];
}
