/**
 * A text as a JSONata machine must hold it to mean just that text. Step Functions evaluates strings between `{%` and `%}`,
 * so whatever looks like that, from an author or a tenant, becomes an expression that is a constant.
 */
export function textLiteral(text: string): string {
  if (!text.includes('{%') && !text.includes('%}')) return text;
  // The per cent sign is written as an escape, so that no reader of the machine finds a second end of the expression.
  return `{% ${JSON.stringify(text).replaceAll('%', '\\u0025')} %}`;
}
