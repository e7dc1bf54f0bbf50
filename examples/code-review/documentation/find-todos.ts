import { commentsOf, isScript, parseScript, type SourceFile } from '../repository/index.ts';

export interface Todo {
  readonly word: string;
  readonly line: number;
}

const lineComment: Readonly<Record<string, RegExp>> = {
  Python: /#(.*)$/,
  Ruby: /#(.*)$/,
  Shell: /(?:^|\s)#(.*)$/,
  YAML: /(?:^|\s)#(.*)$/,
  Dockerfile: /^\s*#(.*)$/,
  SQL: /--(.*)$/,
  Lua: /--(.*)$/,
};
const slashes = /(?:^|[\s;{}()])(?:\/\/|\/\*|\*)(.*)$/;
const slashLanguages = new Set(['Go', 'Rust', 'Java', 'Kotlin', 'Swift', 'C', 'C++', 'C#', 'PHP', 'Scala']);

/** In capitals, and at the start of what the comment says: `the TODO list` is a subject, `TODO: list` a promise. */
const promise = /^[\s*/#!-]*(TODO|FIXME|HACK|XXX)\b(?!\s*comments?\b)/;

export function findTodos(file: SourceFile, text: string): Todo[] {
  if (isScript(file)) {
    const comments = commentsOf(parseScript(file.path, text));
    return comments.flatMap((comment) =>
      comment.text.split('\n').flatMap((line, index) => todoIn(line, comment.line + index)),
    );
  }
  const pattern = lineComment[file.language] ?? (slashLanguages.has(file.language) ? slashes : undefined);
  if (pattern === undefined) return [];
  return text.split('\n').flatMap((line, index) => todoIn(pattern.exec(line)?.[1] ?? '', index + 1));
}

function todoIn(comment: string, line: number): Todo[] {
  const word = promise.exec(comment)?.[1];
  return word === undefined ? [] : [{ word, line }];
}
