import { constantValue, soleExpression } from '../expressions/index.ts';

/** What a condition says in every execution; undefined when it reads something, fails, or is none. */
export function constantCondition(text: string | undefined): boolean | undefined {
  const expression = text === undefined ? undefined : soleExpression(text);
  const value = expression?.closed === true ? constantValue(expression.source) : undefined;
  return value?.kind === 'value' && typeof value.value === 'boolean' ? value.value : undefined;
}
