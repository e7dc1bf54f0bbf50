import { soleExpression } from '../expressions/index.ts';
import { valueOfReading, type Site } from './known-readings.ts';
import { knownBy, typesOfValue, type KnownValue } from './known-value.ts';
import type { RuleContext } from './rule.ts';
import type { JsonType } from './schema-parts.ts';

/** CEL's types as JSON has them; `dyn` and the optional ones say nothing. */
const jsonTypes: ReadonlyMap<string, JsonType> = new Map([
  ['bool', 'boolean'],
  ['string', 'string'],
  ['int', 'integer'],
  ['uint', 'integer'],
  ['double', 'number'],
  ['list', 'array'],
  ['map', 'object'],
  ['null', 'null'],
  ['google.protobuf.Timestamp', 'string'],
]);

/**
 * What is known of the value of a text with expressions in it, by CEL's types or by the schema of what it reads; undefined for a text
 * without any.
 */
export function valueOfText(
  text: string,
  site: Site,
  context: RuleContext,
): { value: KnownValue | undefined } | undefined {
  if (!text.includes('${')) return undefined;
  const expression = soleExpression(text);
  if (!expression) return { value: knownBy([{ type: 'string' }]) };
  const { problems, readings, type } = context.check(expression.source);
  if (problems.length > 0) return { value: undefined };
  const ofCel = jsonTypes.get(type.replace(/<.*$/, ''));
  return { value: ofCel ? knownBy([{ type: ofCel }]) : valueOfReading(expression.source, readings, site, context) };
}

/** The types that the value can have, as far as anything says. */
export function typesOfText(text: string, site: Site, context: RuleContext): readonly JsonType[] | undefined {
  return typesOfValue(valueOfText(text, site, context)?.value);
}
