import type { RE2JS } from 're2js';
import { libraries } from './libraries.ts';

/** What ajv asks of a pattern; by its text it tells patterns apart. */
export interface LinearPattern {
  test(text: string): boolean;
  toString(): string;
}

/** Characters, with whatever is counted written out: a thousand take 10 ms to compile and half a megabyte. */
const LARGEST_PATTERN = 5_000;

/**
 * A pattern in time linear in the text: the author of a pattern and whoever sends the text are strangers, and in a backtracking
 * engine one of them could hold up everybody. Look-around and back-references cannot be had that way. Throws an Error that says why.
 */
export function linearPattern(source: string): LinearPattern {
  const compiled = compile(source);
  return { test: (text) => compiled.test(text), toString: () => source };
}

/** For code that ajv would write to a file, which nobody here asks for. */
linearPattern.code = 'linearPattern';

function compile(source: string): RE2JS {
  const refused = (why: string, cause?: unknown) =>
    new Error(`the pattern ${JSON.stringify(source.slice(0, LONGEST_SHOWN))} is not understood: ${why}`, { cause });
  if (writtenOut(source) > LARGEST_PATTERN)
    throw refused(`written out, it has more than ${LARGEST_PATTERN} characters`);
  const engine = libraries.re2js().RE2JS;
  try {
    return engine.compile(engine.translateRegExp(source));
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
    throw refused(why, error);
  }
}

const LONGEST_SHOWN = 200;

/** An escape, a count, or any other character. */
const PIECE = /\\.|\{(\d+)(?:,(\d*))?\}|[^]/gsu;

/** About how many characters the pattern would have without counts: `(ab){3}` stands for `ababab`. */
function writtenOut(source: string): number {
  if (source.length > LARGEST_PATTERN) return source.length;
  let group = { length: 0, last: 0 };
  const around: (typeof group)[] = [];
  for (const [piece, least, most] of source.matchAll(PIECE)) {
    if (least !== undefined) {
      const times = Math.max(1, Number(least), Number(most ?? 0));
      group = { length: group.length + group.last * (times - 1), last: group.last * times };
    } else if (piece === '(') {
      around.push(group);
      group = { length: 0, last: 0 };
    } else {
      const outer = piece === ')' ? around.pop() : undefined;
      const last = outer ? group.length + 1 : 1;
      group = { length: (outer ?? group).length + last, last };
    }
  }
  // What stands around a group that is never closed does not count: no such pattern is understood.
  return group.length;
}
