import { Composer, CST, Lexer, LineCounter, Parser, type Document, type ParsedNode } from 'yaml';
import { isJsonObject, type Json } from '../json/index.ts';
import type { SourceText } from './definition.ts';
import type { Finding } from './finding.ts';
import { readTree } from './read-tree.ts';
import { createSourceText, rangeOfSpan } from './source-text.ts';

const MOST_BYTES = 4 * 1024 * 1024;
/** Pieces that the lexer cuts, and lines of texts, each of which the library joins by itself. 10,000 tasks written out have about half of it; a text made of punctuation has more. */
const MOST_TOKENS = 1_000_000;
/** Signs that begin or part the items of lists and mappings: the library spends up to 900 bytes on each. 10,000 tasks have some 80,000. */
const MOST_ENTRIES = 200_000;
/** Beginnings of expressions: validation keeps some 600 bytes on each. */
const MOST_EXPRESSIONS = 100_000;
const DEEPEST = 64;
const MOST_TASKS = 10_000;

export interface ReadDocument {
  readonly source: SourceText;
  /** The document as JSON; absent when it could not be read to its end. */
  readonly value?: Json;
  readonly findings: readonly Finding[];
}

/** YAML or JSON (which YAML includes) → JSON, with the caps that keep the library from hanging or overflowing its stack. */
export function readDocument(file: { name: string; text: string }): ReadDocument {
  const lines = new LineCounter();
  const without = (findings: readonly Finding[]): ReadDocument => ({
    source: createSourceText(file, lines, undefined),
    findings,
  });
  if (Buffer.byteLength(file.text) > MOST_BYTES) return without([tooLarge('4 MiB')]);
  if (timesIn(file.text, '${') > MOST_EXPRESSIONS) return without([tooLarge('100,000 expressions')]);
  const { document, findings } = compose(file.text, lines);
  if (findings.length > 0) return without(findings);
  const syntax = syntaxFindings(file.text, lines, document?.errors ?? []);
  if (syntax.length > 0) return without(syntax);
  if (!document?.contents) return without([{ code: 'DEF105', message: 'The text is empty.', path: [] }]);
  return readContents(file, lines, document.contents);
}

function readContents(file: { name: string; text: string }, lines: LineCounter, root: ParsedNode): ReadDocument {
  const source = createSourceText(file, lines, root);
  const { value, findings } = readTree(root);
  const workflow = isJsonObject(value) ? value['workflow'] : undefined;
  const tasks = isJsonObject(workflow) ? countTasks(workflow['tasks']) : 0;
  if (tasks <= MOST_TASKS) return { source, value, findings };
  const message = `The workflow has ${tasks} tasks; ${MOST_TASKS} is the limit.`;
  return { source, findings: [{ code: 'DEF110', message, path: ['workflow', 'tasks'], part: 'key' }] };
}

/** The library's tree of tokens is larger than its tree of nodes, and is let go when this returns. */
function compose(text: string, lines: LineCounter): { document?: Document.Parsed; findings: readonly Finding[] } {
  const { tokens, findings } = scan(text, lines);
  if (findings.length > 0) return { findings };
  const composer = new Composer({ schema: 'core', uniqueKeys: false, prettyErrors: false });
  const [document] = composer.compose(tokens);
  return { ...(document && { document }), findings };
}

interface Scan {
  readonly tokens: readonly CST.Token[];
  readonly findings: readonly Finding[];
}

/**
 * Cuts the text into the library's syntax tree, whose building needs no stack, and stops at the first thing that must not reach
 * the composer: it resolves nested collections by recursion, and would follow aliases.
 */
function scan(text: string, lines: LineCounter): Scan {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  let count = 0;
  let entries = 0;
  let documents = 0;
  let isContent = false;
  for (const lexeme of new Lexer().lex(text)) {
    const start = parser.offset;
    for (const token of parser.next(lexeme)) documents += tokens.push(token) > 0 && token.type === 'document' ? 1 : 0;
    count += isContent ? 1 + timesIn(lexeme, '\n') : 1;
    if (!isContent && parting.has(lexeme)) entries += 1;
    if (count > MOST_TOKENS) return { tokens, findings: [tooLarge('1,000,000 words and signs')] };
    if (entries > MOST_ENTRIES) return { tokens, findings: [tooLarge('200,000 entries of lists and mappings')] };
    const objection = objectionTo(isContent ? '' : lexeme, parser, documents);
    if (objection) {
      const range = rangeOfSpan(text, lines, { start, end: start + lexeme.length });
      return { tokens, findings: [{ ...objection, path: [], range }] };
    }
    // What follows the scalar mark is content, whatever it begins with.
    isContent = lexeme === CST.SCALAR;
  }
  tokens.push(...parser.end());
  return { tokens, findings: [] };
}

function timesIn(text: string, part: string): number {
  let found = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) found += 1;
  return found;
}

const parting = new Set(['-', ':', '?', ',', '[', '{']);

const named = new Map([
  ['anchor', 'an anchor'],
  ['alias', 'an alias'],
  ['tag', 'a tag'],
]);

function objectionTo(lexeme: string, parser: Parser, documents: number): Pick<Finding, 'code' | 'message'> | undefined {
  const what = named.get(CST.tokenType(lexeme) ?? '');
  if (what !== undefined) return { code: 'DEF106', message: `\`${lexeme}\` is ${what}, and they are not allowed.` };
  if (documents > 0 && parser.stack[0]?.type === 'document')
    return { code: 'DEF104', message: 'A second document begins here.' };
  const isDeep = parser.stack.length > DEEPEST && parser.stack.filter(CST.isCollection).length > DEEPEST;
  return isDeep ? { code: 'DEF102', message: `This is nested deeper than ${DEEPEST} levels.` } : undefined;
}

function tooLarge(limit: string): Finding {
  return { code: 'DEF101', message: `The text has more than ${limit}.`, path: [] };
}

/** What is used of the library's error. */
interface SyntaxIssue {
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** Errors are capped where findings are; slicing first keeps a text that is all errors cheap. */
function syntaxFindings(text: string, lines: LineCounter, errors: readonly SyntaxIssue[]): readonly Finding[] {
  return errors.slice(0, 1_000).map(({ message, pos: [start, end] }) => ({
    code: 'DEF103',
    message: `${message.replace(/^Missing closing (.)quote$/, 'The closing $1 of a text is missing').replace(/\.$/, '')}.`,
    path: [],
    range: rangeOfSpan(text, lines, { start, end }),
  }));
}

/** Of all levels: the tasks of loops and groups count too. */
function countTasks(tasks: Json | undefined): number {
  if (!Array.isArray(tasks)) return 0;
  return tasks.reduce<number>((sum, task: Json) => {
    const inner = isJsonObject(task) ? [task['loop'], task['group']] : [];
    return inner.reduce<number>(
      (more, group) => more + (isJsonObject(group) ? countTasks(group['tasks']) : 0),
      sum + 1,
    );
  }, 0);
}
