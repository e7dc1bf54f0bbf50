import { constantValue, soleExpression, type ConstantValue } from '../expressions/index.ts';
import type { RuleContext } from './rule.ts';

/** The value that an expression has in every execution; undefined when that depends, or would take long to find out. */
export function constantOf(source: string, { check }: Pick<RuleContext, 'check'>): ConstantValue | undefined {
  return check(source).roots.size > 0 ? undefined : constantValue(source);
}

/** What a condition says in every execution; undefined when it reads something, fails, or is none. */
export function constantCondition(text: string | undefined, context: Pick<RuleContext, 'check'>): boolean | undefined {
  const expression = text === undefined ? undefined : soleExpression(text);
  const constant = expression?.closed === true ? constantOf(expression.source, context) : undefined;
  return constant?.kind === 'value' && typeof constant.value === 'boolean' ? constant.value : undefined;
}
