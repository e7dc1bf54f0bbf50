import type { z } from 'zod';
import type { Json } from '../../core/json/index.ts';
import { placeOf, type MachineFault, type Path } from './machine-faults.ts';
import { createMachineSchema } from './machine-schema.ts';

type Issue = z.core.$ZodIssue;

/** What is wrong with the document's fields: their names and their types. */
export function shapeFaults(document: Json): MachineFault[] {
  const { error } = createMachineSchema().safeParse(document);
  return (error?.issues ?? []).flatMap((issue) => faultsOf(issue, document));
}

function faultsOf(issue: Issue, document: Json): MachineFault[] {
  const { path } = issue;
  const place = placeOf(path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((field) => unknownField(field, [...path, field]));
  if (issue.code === 'custom')
    return [{ code: 'missing_field', place, message: issue.message, hint: 'write one of the two' }];
  const value = valueAt(document, path);
  const field = String(path.at(-1) ?? 'the machine');
  if (field === 'Type') return [unknownType(value, place, issue)];
  if (value === undefined)
    return [{ code: 'missing_field', place, message: `${field} is missing`, hint: `add ${field}` }];
  if (field === 'Mode') {
    return [{ code: 'not_supported', place, message: 'a distributed Map does not run here', hint: 'set it to INLINE' }];
  }
  return [{ code: 'wrong_field', place, message: `${field} holds ${shown(value)}`, hint: wanted(issue) }];
}

function valueAt(document: Json, path: Path): Json | undefined {
  let value: unknown = document;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[step];
  }
  return value as Json;
}

function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function unknownType(value: Json | undefined, place: string, issue: Issue): MachineFault {
  const types = 'options' in issue && Array.isArray(issue.options) ? issue.options.join(', ') : '';
  const message = value === undefined ? 'the state has no Type' : `there is no state type ${shown(value)}`;
  return { code: 'unknown_state_type', place, message, hint: `use one of ${types}` };
}

/** What the field should hold, in the words of the schema. */
function wanted(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `it takes a value of type ${issue.expected}`;
    case 'invalid_value':
      return `it takes ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'too_small':
      return 'it takes at least one';
    case 'invalid_union':
      return 'it takes a number, or an expression {% … %}';
    default:
      return 'it takes an expression {% … %}';
  }
}

const ofJsonPath: ReadonlySet<string> = new Set([
  ...['InputPath', 'OutputPath', 'ResultPath', 'ResultSelector', 'Parameters', 'Result', 'ItemsPath', 'Iterator'],
  ...['SecondsPath', 'TimestampPath', 'TimeoutSecondsPath', 'HeartbeatSecondsPath', 'ErrorPath', 'CausePath'],
  ...['MaxConcurrencyPath', 'ToleratedFailureCountPath', 'ToleratedFailurePercentagePath', 'Variable'],
]);
const ofDistributedMaps: ReadonlySet<string> = new Set(['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label']);

function unknownField(field: string, path: Path): MachineFault {
  const place = placeOf(path);
  if (ofJsonPath.has(field)) {
    const hint = 'say it in JSONata: Arguments and Output, with expressions like {% $states.input.name %}';
    return { code: 'jsonpath', place, message: `${field} is a field of JSONPath, and only JSONata runs here`, hint };
  }
  if (ofDistributedMaps.has(field)) {
    const message = `${field} belongs to a distributed Map, which does not run here`;
    return { code: 'not_supported', place, message, hint: 'hand the items over with Items' };
  }
  return {
    code: 'unknown_field',
    place,
    message: `there is no field ${field} here`,
    hint: 'correct its name, or take it out',
  };
}
