import { isJsonObject } from '../json/index.ts';
import { isOneOf, jsonTypes, partsOf, schemaAt, typesOf, type JsonType, type Rooted } from './schema-parts.ts';

/** What is known of a value before a run. Undefined stands for: nothing. */
export type KnownValue =
  /** All of these schemas hold. */
  | { readonly kind: 'schemas'; readonly schemas: readonly Rooted[] }
  | { readonly kind: 'list'; readonly item: KnownValue | undefined }
  /** An object of exactly these members. */
  | { readonly kind: 'members'; readonly members: ReadonlyMap<string, KnownValue | undefined> };

/** What is known of a member of it. */
export type Membership =
  | { readonly kind: 'known'; readonly value: KnownValue | undefined }
  /** It can never be there: the value is of other types, or has only the members that are listed. */
  | { readonly kind: 'never'; readonly known: readonly string[]; readonly types?: readonly JsonType[] }
  /** Nothing forbids it; the schema speaks of others. */
  | { readonly kind: 'unspoken'; readonly known: readonly string[] };

export function knownBy(schemas: readonly (Rooted['schema'] | undefined)[]): KnownValue | undefined {
  const rooted = schemas.flatMap((schema) => (schema ? { schema, root: schema } : []));
  return rooted.length > 0 ? { kind: 'schemas', schemas: rooted } : undefined;
}

/** The types that a value can have; undefined when nothing says, or when no value could be of all that is said. */
export function typesOfValue(value: KnownValue | undefined): readonly JsonType[] | undefined {
  if (value?.kind === 'list') return ['array'];
  if (value?.kind === 'members') return ['object'];
  const said = (value ? partsOf(value.schemas) : []).flatMap(({ schema }) => {
    const types = typesOf(schema);
    return types ? [types] : [];
  });
  const allowed = jsonTypes.filter((type) => said.every((types) => isOneOf(type, types)));
  // A number may be whole: that one is said by the other.
  const types = allowed.filter((type) => type !== 'integer' || !allowed.includes('number'));
  return said.length > 0 && types.length > 0 ? types : undefined;
}

/** What is known of `value.key`, or of `value[0]`. */
export function memberOf(value: KnownValue, key: string | number): Membership {
  switch (value.kind) {
    case 'list':
      return typeof key === 'number' ? { kind: 'known', value: value.item } : never([], ['array']);
    case 'members':
      if (typeof key === 'number') return never([], ['object']);
      return value.members.has(key)
        ? { kind: 'known', value: value.members.get(key) }
        : never([...value.members.keys()]);
    case 'schemas':
      return together(partsOf(value.schemas).map((part) => partMember(part, key)));
  }
}

/** Whether no object of the kind lacks the member. */
export function alwaysHas(value: KnownValue, key: string): boolean {
  if (value.kind !== 'schemas') return value.kind === 'members' && value.members.has(key);
  return partsOf(value.schemas).some(({ schema: { required } }) => Array.isArray(required) && required.includes(key));
}

function never(known: readonly string[], types?: readonly JsonType[]): Membership {
  return { kind: 'never', known, ...(types && { types }) };
}

/** Where one part forbids the member it is not there; where several describe it all of that holds. */
function together(memberships: readonly Membership[]): Membership {
  const forbidden = memberships.find(({ kind }) => kind === 'never');
  if (forbidden) return forbidden;
  const described = memberships.flatMap((membership) => (membership.kind === 'known' ? [membership.value] : []));
  if (described.length === 0)
    return { kind: 'unspoken', known: memberships.flatMap((one) => (one.kind === 'unspoken' ? one.known : [])) };
  const schemas = described.flatMap((value) => (value?.kind === 'schemas' ? value.schemas : []));
  return { kind: 'known', value: schemas.length > 0 ? { kind: 'schemas', schemas } : undefined };
}

function partMember(part: Rooted, key: string | number): Membership {
  const { schema } = part;
  const types = typesOf(schema);
  if (types && !types.includes(typeof key === 'number' ? 'array' : 'object')) return never([], types);
  if (typeof key === 'number') return described(schemaAt(part, 'prefixItems', key) ?? schemaAt(part, 'items'));
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  if (Object.hasOwn(properties, key)) return described(schemaAt(part, 'properties', key));
  if (schema['patternProperties'] !== undefined) return described(undefined);
  const known = Object.keys(properties);
  if (schema['additionalProperties'] === false) return never(known);
  const others = schemaAt(part, 'additionalProperties');
  return others ? described(others) : { kind: 'unspoken', known };
}

function described(schema: Rooted | undefined): Membership {
  return { kind: 'known', value: schema && { kind: 'schemas', schemas: [schema] } };
}
