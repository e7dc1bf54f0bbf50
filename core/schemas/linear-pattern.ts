import { RE2JS } from 're2js';

/** What ajv asks of a pattern; by its text it tells patterns apart. */
interface Pattern {
  test(text: string): boolean;
  toString(): string;
}

/**
 * A pattern in time linear in the text: the author of a schema and whoever sends the value are strangers, and in a backtracking
 * engine one of them could hold up everybody. Look-around and back-references cannot be had that way, and throw.
 */
export function linearPattern(source: string): Pattern {
  const compiled = compile(source);
  return { test: (text) => compiled.test(text), toString: () => source };
}

/** For code that ajv would write to a file, which nobody here asks for. */
linearPattern.code = 'linearPattern';

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(source));
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
    throw new Error(`the pattern ${JSON.stringify(source)} is not understood: ${why}`, { cause: error });
  }
}
