import * as z from 'zod';
import { didYouMean } from '../diagnostics/index.ts';
import { isJsonObject, type Json } from '../json/index.ts';
import { formatPath, type Finding } from './finding.ts';
import type { Path } from './definition.ts';

type Issue = z.core.$ZodIssue;
type UnionIssue = z.core.$ZodIssueInvalidUnion;

/** Holds a document against a schema. The parsed form has durations in seconds and the like. */
export function parseShape<Schema extends z.ZodType>(
  schema: Schema,
  value: Json,
): { parsed: z.infer<Schema>; findings?: never } | { parsed?: never; findings: Iterable<Finding> } {
  const result = schema.safeParse(value, { error: knownKeys });
  return result.success ? { parsed: result.data } : { findings: findingsOf(result.error.issues, value) };
}

/**
 * zod tells which keys are unknown and not which are known; its error map alone sees the schema. So the message of such an issue
 * is the list of known keys, and `unknownKeys` reads it.
 */
const knownKeys: z.core.$ZodErrorMap = (issue) => {
  if (issue.code !== 'unrecognized_keys') return undefined;
  return issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape).join(',') : '';
};

function* findingsOf(issues: readonly Issue[], document: Json): Generator<Finding> {
  for (const issue of issues) yield* findingsOfIssue(issue, issue.path as Path, document);
}

function* findingsOfIssue(issue: Issue, path: Path, document: Json): Generator<Finding> {
  switch (issue.code) {
    case 'unrecognized_keys':
      yield* unknownKeys(issue.keys, issue.message.split(','), path);
      return;
    case 'invalid_union':
      yield* unionFindings(issue, path, document);
      return;
    case 'invalid_type':
      yield typeFinding([issue.expected], path, document);
      return;
    case 'invalid_key':
      yield {
        code: 'DEF114',
        message: `${subject(path)} ${issue.issues[0]?.message ?? 'is not allowed as a key'}.`,
        path,
        part: 'key',
      };
      return;
    case 'invalid_value':
      yield choiceFinding(issue.values, path, document);
      return;
    default:
      yield { code: 'DEF114', message: `${subject(path)} ${demandOf(issue)}.`, path };
  }
}

/** Longer lists help nobody to find a word. */
const MOST_LISTED = 12;

function* unknownKeys(keys: readonly string[], known: readonly string[], path: Path): Generator<Finding> {
  for (const key of keys) {
    const near = didYouMean(key, known);
    const list = known.length <= MOST_LISTED ? `known here: ${known.join(', ')}` : undefined;
    const hint = near === undefined ? list : `did you mean \`${near}\`?`;
    yield { code: 'DEF111', message: `The key \`${key}\` is unknown.`, path: [...path, key], part: 'key', hint };
  }
}

/** The alternative that the author meant is the one whose outermost type fits. */
function* unionFindings(issue: UnionIssue, path: Path, document: Json): Generator<Finding> {
  const value = valueAt(document, path);
  const options = 'options' in issue ? issue.options : undefined;
  if (options) {
    // An agent type's `runtime`: it chooses the alternative by itself.
    yield value === undefined ? missingFinding(path) : choiceFinding(options, path, document);
    return;
  }
  const isMeant = ({ code, path: inside }: Issue): boolean =>
    inside.length > 0 || !(code === 'invalid_type' || (code === 'invalid_value' && typeof value !== 'string'));
  const meant = issue.errors.find((issues) => issues.every(isMeant));
  if (!meant) {
    const outermost = issue.errors.flatMap((issues) => issues.filter((inner) => !isMeant(inner)));
    const expected = outermost.map((inner) => (inner.code === 'invalid_type' ? inner.expected : 'string'));
    yield typeFinding(expected, path, document);
    return;
  }
  for (const inner of meant) yield* findingsOfIssue(inner, [...path, ...(inner.path as Path)], document);
}

function choiceFinding(values: readonly unknown[], path: Path, document: Json): Finding {
  const value = valueAt(document, path);
  const near = typeof value === 'string' ? didYouMean(value, values.map(String)) : undefined;
  return {
    code: 'DEF114',
    message: `${subject(path)} must be one of ${values.map((allowed) => `\`${String(allowed)}\``).join(', ')}.`,
    path,
    hint: near === undefined ? undefined : `did you mean \`${near}\`?`,
  };
}

function typeFinding(expected: readonly string[], path: Path, document: Json): Finding {
  const value = valueAt(document, path);
  if (value === undefined) return missingFinding(path);
  const wanted = [...new Set(expected.map((type) => words.get(type) ?? type))].join(' or ');
  return {
    code: 'DEF112',
    message: `${subject(path)} must be ${wanted}, not ${nameOf(value)}.`,
    path,
    hint: typeHint(expected, value),
  };
}

function missingFinding(path: Path): Finding {
  const owner = path.length > 1 ? `\`${formatPath(path.slice(0, -1))}\`` : 'The document';
  return { code: 'DEF113', message: `${owner} needs the key \`${String(path.at(-1))}\`.`, path };
}

const words = new Map([
  ['object', 'a mapping'],
  ['record', 'a mapping'],
  ['array', 'a list'],
  ['string', 'a text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['null', 'null'],
]);

function nameOf(value: Json): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'a number' : 'a fraction';
  return words.get(typeof value) ?? '';
}

function typeHint(expected: readonly string[], value: Json): string | undefined {
  if (expected.every((type) => type === 'string') && typeof value === 'number') return 'put it in quotes';
  if (expected.includes('boolean') && typeof value === 'string') return 'write true or false, without quotes';
  if (expected.includes('number') && typeof value === 'string') return 'write it without quotes';
  if (expected.includes('array') && typeof value === 'string') return `write it as a list: [${value}]`;
  return undefined;
}

/** What the value must be, as the rest of a sentence. The messages of our own schema are written that way, zod's are not. */
function demandOf(issue: Issue): string {
  if (!issue.message.startsWith('Too ')) return issue.message;
  if (issue.code === 'too_small') return `must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`;
  return issue.message;
}

/** `depends_on[0]`: the last key and the positions after it. */
function subject(path: Path): string {
  const [key, ...positions] = path.slice(
    Math.max(
      0,
      path.findLastIndex((part) => typeof part === 'string'),
    ),
  );
  return key === undefined ? 'The document' : `\`${[key, ...positions.map((position) => `[${position}]`)].join('')}\``;
}

function valueAt(document: Json, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((value, part) => {
    if (Array.isArray(value)) return typeof part === 'number' ? (value[part] as Json | undefined) : undefined;
    return isJsonObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }, document);
}
