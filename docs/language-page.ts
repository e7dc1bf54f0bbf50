import { agentCatalogueJsonSchema, workflowJsonSchema } from '../core/definition/index.ts';
import { isJsonObject, type JsonObject } from '../core/json/index.ts';
import { executableRuntimes, kindsThatRead, notExecuted } from '../core/validation/index.ts';
import { markdownTable } from './markdown-table.ts';
import { alternativesOf, code, objectsWithin, typeText } from './schema-type.ts';

/** docs/reference/language.md: every key, from the language's schema and the tables of the rules about it. */
export function languagePage(): string {
  const forms = membersOf(workflowJsonSchema(), '$defs');
  const sections = places.flatMap(({ form, way }) => sectionsOf({ title: form, way, schema: member(forms, form) }));
  const small = Object.entries(forms).filter(([form]) => !places.some((place) => place.form === form));
  return [
    OPENING,
    ...sections,
    '## Forms\n',
    ...small.map(([form, schema]) => formSection(form, asObject(schema))),
    ...catalogueSections(),
  ].join('\n');
}

/** Forms with a table of keys, and where they stand in a workflow, as the rules name it. */
const places = [
  { form: 'workflow', way: '' },
  { form: 'task', way: 'tasks.**' },
  { form: 'loop', way: 'tasks.**.loop' },
  { form: 'group', way: 'tasks.**.group' },
  { form: 'agent', way: 'agents.*' },
  { form: 'retry_policy', way: 'retry_policies.*' },
  { form: 'circuit_breaker', way: 'fault_tolerance.circuit_breaker' },
] as const;

const NOT_YET = '*Not executed yet.*';

interface Section {
  readonly title: string;
  /** As the rules write it: keys from the workflow, `*` for any name, `tasks.**` for tasks anywhere. */
  readonly way: string;
  readonly schema: JsonObject;
}

/** A section for an object, then one for each object among its members. */
function sectionsOf(section: Section): string[] {
  const { title, way, schema } = section;
  const level = title.includes('.') ? '###' : '##';
  const keys = keysOf(schema);
  const about = [textOf(schema, 'description'), isExecuted(way) ? '' : NOT_YET].filter((text) => text !== '').join(' ');
  const body = title === 'task' ? taskTables(section) : table(section, keys);
  const inner = keys.flatMap((key) => {
    // What an object is for is told where its key is.
    const objects = objectsWithin(member(membersOf(schema, 'properties'), key)).map(withoutDescription);
    return objects.flatMap((object) => sectionsOf({ title: `${title}.${key}`, way: join(way, key), schema: object }));
  });
  return [`${level} ${title}\n\n${about === '' ? '' : `${about}\n\n`}${body}`, ...inner];
}

/** What a task does, then everything else with the kinds of task that read it. */
function taskTables(section: Section): string {
  const keys = keysOf(section.schema);
  const isKind = (key: string): boolean => kindsThatRead(key).join() === key;
  const rest = keys.filter((key) => !isKind(key));
  return `What it does: exactly one of these.

${table(section, keys.filter(isKind))}
Everything else. A key on a kind that has no use for it is refused; *agents* are tasks with \`agent\` or \`requires\`.

${table(section, rest, (key) => readersText(kindsThatRead(key)))}`;
}

function readersText(kinds: readonly string[]): string {
  if (kinds.length > 3) return 'all';
  return ['agents', ...kinds.filter((kind) => kind !== 'agent' && kind !== 'requires').map(code)].join(', ');
}

function table(section: Section, keys: readonly string[], readers?: (key: string) => string): string {
  const { title, way, schema } = section;
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const properties = membersOf(schema, 'properties');
  const rows = keys.map((key) => {
    const property = member(properties, key);
    return [
      code(key),
      typeText(property, (target) => linkTo(target, `${title}.${key}`)),
      ...(readers ? [readers(key)] : []),
      defaultText(property, required.includes(key)),
      [textOf(property, 'description'), executionNote(join(way, key), way)].filter(Boolean).join(' '),
    ];
  });
  return markdownTable(['key', 'takes', ...(readers ? ['on'] : []), 'default', 'what it is for'], rows);
}

function defaultText(property: JsonObject, isRequired: boolean): string {
  const { default: value } = property;
  if (isRequired) return '**required**';
  const isEmpty = value === undefined || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
  return isEmpty ? '' : code(value);
}

/** Named by form, or by the section of the object's keys. */
function linkTo(target: JsonObject, title: string): string {
  const ref = target['$ref'];
  const name = typeof ref === 'string' ? ref.slice(ref.lastIndexOf('/') + 1) : title;
  return `[${typeof ref === 'string' ? name : 'keys'}](#${name.toLowerCase().replaceAll('.', '')})`;
}

function isExecuted(way: string): boolean {
  return !notExecuted.some((row) => row.value === undefined && row.unless === undefined && within(way, row.way));
}

function executionNote(way: string, around: string): string {
  const row = notExecuted.find((it) => it.way === way);
  if (row?.unless !== undefined) return `*Only ${code(row.unless)} is executed yet.*`;
  if (row?.value !== undefined) return `*${code(row.value)} is not executed yet.*`;
  // What is said of the whole section is not said of each of its keys.
  return isExecuted(way) || !isExecuted(around) ? '' : NOT_YET;
}

function within(way: string, outer: string): boolean {
  return way === outer || way.startsWith(`${outer}.`);
}

function join(way: string, key: string): string {
  return way === '' ? key : `${way}.${key}`;
}

function formSection(form: string, schema: JsonObject): string {
  const tables = objectsWithin(schema).map((object) =>
    table({ title: form, way: form, schema: object }, keysOf(object)),
  );
  const taken = typeText(schema, (target) => linkTo(target, form));
  const takes = alternativesOf(schema).length > 0 ? [`Takes ${taken}.\n`] : [];
  return [`### ${form}\n`, `${textOf(schema, 'description')}\n`, ...takes, ...tables].join('\n');
}

function catalogueSections(): string[] {
  const { agent_type, cost } = membersOf(agentCatalogueJsonSchema(), '$defs');
  const runtimes = alternativesOf(asObject(agent_type)).map((schema) => {
    const runtime = member(membersOf(schema, 'properties'), 'runtime');
    const name = textOf(runtime, 'const');
    const note = executableRuntimes.some((known) => known === name) ? '' : ` ${NOT_YET}`;
    const keys = keysOf(schema).filter((key) => key !== 'runtime');
    const rows = table({ title: 'agent_type', way: 'agent_types.*', schema }, keys);
    return `### runtime: ${name}\n\n${textOf(runtime, 'description')}${note}\n\n${rows}`;
  });
  return [
    '## Agent catalogue\n\n`agents.yaml` has one key, `agent_types`: agent types by their names. `runtime` says which keys a type has.\n',
    ...runtimes,
    formSection('cost', asObject(cost)),
  ];
}

function withoutDescription(schema: JsonObject): JsonObject {
  const { description, ...rest } = schema;
  return rest;
}

function textOf(schema: JsonObject, key: string): string {
  const text = schema[key];
  return typeof text === 'string' ? text : '';
}

function keysOf(schema: JsonObject): string[] {
  return Object.keys(membersOf(schema, 'properties'));
}

function membersOf(schema: JsonObject, key: string): JsonObject {
  return asObject(schema[key]);
}

function member(of: JsonObject, key: string): JsonObject {
  return asObject(of[key]);
}

/** A missing one reads like an empty one: then its section is empty, which a test would see. */
function asObject(value: JsonObject[string] | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

const OPENING = `# The language

Every key that a workflow and an agent catalogue may have. [Writing workflows](../guide/writing-workflows.md) shows them at work; \`skein schema\` prints the same as JSON Schema, for
editors. Generated by \`npm run -s docs\` from the schema and the tables of the rules.

A document is YAML or JSON with one key, \`workflow\`. What is marked *not executed yet* is checked like everything else; \`skein validate\` warns of it, and \`skein run\` refuses it rather than leave it out in silence.

An *expression tree* is any JSON whose texts may hold \`\${ … }\`; *expressions* are [CEL](https://cel.dev).
`;
