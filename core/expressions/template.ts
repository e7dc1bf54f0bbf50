/** A piece of a text: literal, or an expression. Offsets count UTF-16 units from the start of the text. */
export type TemplatePart =
  | { readonly kind: 'literal'; readonly text: string }
  | {
      readonly kind: 'expression';
      /** Between `${` and `}`. */
      readonly source: string;
      /** Of the source's first character. */
      readonly offset: number;
      /** False when the text ends before the closing brace. */
      readonly closed: boolean;
    };

/** Splits a text at its `${ … }`. `$${` stands for the two characters `${`. */
export function parseTemplate(text: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = '';
  let position = 0;
  while (position < text.length) {
    const next = text.indexOf('$', position);
    if (next === -1) break;
    literal += text.slice(position, next);
    if (text.startsWith('$${', next)) {
      literal += '${';
      position = next + 3;
    } else if (text.startsWith('${', next)) {
      if (literal !== '') parts.push({ kind: 'literal', text: literal });
      literal = '';
      const offset = next + 2;
      const end = closingBrace(text, offset);
      parts.push({ kind: 'expression', source: text.slice(offset, end), offset, closed: end < text.length });
      position = end + 1;
    } else {
      literal += '$';
      position = next + 1;
    }
  }
  literal += text.slice(position);
  if (literal !== '') parts.push({ kind: 'literal', text: literal });
  return parts;
}

/**
 * The expression that the text consists of, so that its value keeps its type. White space around it does not count: YAML's
 * block scalars end in a line break.
 */
export function soleExpression(text: string): (TemplatePart & { kind: 'expression' }) | undefined {
  const [only, ...rest] = parseTemplate(text).filter((part) => part.kind === 'expression' || part.text.trim() !== '');
  return only?.kind === 'expression' && rest.length === 0 ? only : undefined;
}

/** Position of the brace that closes the expression starting at `from`, or the text's length. One pass, whatever the text. */
function closingBrace(text: string, from: number): number {
  let depth = 0;
  let position = from;
  while (position < text.length) {
    const character = text[position];
    if (character === '"' || character === "'") position = afterString(text, position);
    else if (text.startsWith('//', position)) position = afterLine(text, position);
    else {
      if (character === '}' && depth === 0) return position;
      if (character === '}') depth -= 1;
      if (character === '{') depth += 1;
      position += 1;
    }
  }
  return text.length;
}

/** A backslash skips the next character in raw strings too, as it does in the CEL library's lexer. */
function afterString(text: string, start: number): number {
  const quote = text.charAt(start);
  const delimiter = text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
  let position = start + delimiter.length;
  while (position < text.length) {
    if (text.startsWith(delimiter, position)) return position + delimiter.length;
    position += text[position] === '\\' ? 2 : 1;
  }
  return text.length;
}

function afterLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end === -1 ? text.length : end;
}
