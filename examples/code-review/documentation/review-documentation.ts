import type { AgentContext } from '../../../core/agents/index.ts';
import { concludeAnalysis, type Analysis, type Finding, type Severity } from '../findings/index.ts';
import { createPythonCheck } from '../python/index.ts';
import {
  describeFiles,
  isDeclaration,
  isScript,
  parseScript,
  visitFiles,
  type Inventory,
  type SourceFile,
} from '../repository/index.ts';
import { createLinkCheck } from './check-links.ts';
import { exportedNames } from './exported-names.ts';
import { findTodos, type Todo } from './find-todos.ts';
import { reviewFrontMatter } from './review-front-matter.ts';

interface Share {
  documented: number;
  all: number;
}

export async function reviewDocumentation(inventory: Inventory, context: AgentContext): Promise<Analysis> {
  const front = await reviewFrontMatter(inventory);
  const findings = [...front.findings];
  const todos: Todo[] = [];
  const share: Share = { documented: 0, all: 0 };
  const checkLinks = createLinkCheck(inventory);
  const pythonNames = await createPythonNames(inventory);
  const { seen, notLookedAt } = await visitFiles(inventory, context, {
    wants: (file) => file.role !== 'test',
    look: (file, text) => {
      if (file.language === 'Markdown') findings.push(...checkLinks(file, text));
      findings.push(...todoFinding(file, findTodos(file, text), todos));
      if (file.role !== 'source') return;
      const names = isScript(file) && !isDeclaration(file) ? scriptNames(file, text) : pythonNames(file, text);
      findings.push(...undocumented(file, names, { share, severity: front.isLibrary ? 'low' : 'info' }));
    },
  });
  return concludeAnalysis({
    area: 'documentation',
    examined: describeFiles(seen),
    findings,
    notLookedAt: [...notLookedAt, 'Links to the web: whether they answer depends on the day.'],
    tables: [shareTable(share), todoTable(todos)],
  });
}

interface PublicName {
  readonly name: string;
  readonly line: number;
  readonly documented: boolean;
}

function scriptNames(file: SourceFile, text: string): PublicName[] {
  return exportedNames(parseScript(file.path, text));
}

/** Ruff tells only what lacks a docstring, so Python's documented names are not counted. */
async function createPythonNames(inventory: Inventory): Promise<(file: SourceFile, text: string) => PublicName[]> {
  if (!inventory.files.some((file) => file.language === 'Python')) return () => [];
  const check = await createPythonCheck({ select: ['D101', 'D102', 'D103'] });
  return (file, text) => {
    if (file.language !== 'Python') return [];
    const lines = text.split('\n');
    return check(text)
      .filter(({ code }) => code.startsWith('D'))
      .map(({ line }) => {
        const name = /\b(?:def|class)\s+(\w+)/.exec(lines[line - 1] ?? '')?.[1] ?? 'one';
        return { name, line, documented: false };
      });
  };
}

/** One finding for each file: a list of names says more than a list of findings. */
function undocumented(
  file: SourceFile,
  names: readonly PublicName[],
  options: { share: Share; severity: Severity },
): Finding[] {
  const missing = names.filter(({ documented }) => !documented);
  options.share.all += names.length;
  options.share.documented += names.length - missing.length;
  const [first] = missing;
  if (first === undefined) return [];
  const listed = missing.slice(0, 5).map(({ name }) => `\`${name}\``);
  const more = missing.length > 5 ? ` and ${missing.length - 5} more` : '';
  return [
    {
      rule: 'undocumented-export',
      severity: options.severity,
      path: file.path,
      line: first.line,
      message: `No comment on ${listed.join(', ')}${more}.`,
      explanation: 'Who uses a public name reads its comment before its code. Say what the name and the types cannot.',
    },
  ];
}

function todoFinding(file: SourceFile, found: readonly Todo[], all: Todo[]): Finding[] {
  all.push(...found);
  const [first] = found;
  if (first === undefined) return [];
  const places = found.slice(0, 8).map(({ word, line }) => `${word} in line ${line}`);
  const more = found.length > 8 ? ` and ${found.length - 8} more` : '';
  return [
    {
      rule: 'todo',
      severity: 'info',
      path: file.path,
      line: first.line,
      message: `Left to do: ${places.join(', ')}${more}.`,
      explanation:
        'A promise in a comment has no owner and no date. Do it, drop it, or write it down where work is planned.',
    },
  ];
}

function shareTable({ documented, all }: Share) {
  const percent = all === 0 ? '–' : `${Math.round((100 * documented) / all)} %`;
  return {
    title: 'Exported names',
    columns: ['Exported', 'With a comment', 'Share'],
    rows: [[all, documented, percent]],
  };
}

function todoTable(todos: readonly Todo[]) {
  const rows = ['TODO', 'FIXME', 'HACK', 'XXX'].map((word) => [
    word,
    todos.filter((todo) => todo.word === word).length,
  ]);
  return { title: 'Left to do', columns: ['Word', 'Times'], rows };
}
