import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openOwnedStores } from '../../local/index.ts';
import { expectGolden, goldenFile } from '../makers/golden.ts';
import { openShell, type Shell } from '../makers/shell.ts';

const template = fileURLToPath(new URL('../../cli/templates/hello/', import.meta.url));
const read = (file: string): string => readFileSync(template + file, 'utf8');

const hello = {
  'workflow.yaml': read('workflow.yaml'),
  'agents.yaml': read('agents.yaml'),
  'agents/writer.mjs': read('agents/writer.mjs'),
};

interface WrongUse {
  readonly title: string;
  readonly args: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  /** Done before; what it answers is given to `args` in place of `ID`. */
  readonly before?: (shell: Shell) => Promise<string | Disposable> | string | Disposable;
}

/** A workflow of one task that says little, with `more` lines at its end. */
function tiny(task: string, more = ''): string {
  return `workflow:
  name: tiny
  version: "1"
  timeout: 60
  owner: { contact: a@example.com }
  agents: { one: { type: writer } }
  tasks:
    - ${task}
${more}`;
}

const ranHello = async (shell: Shell): Promise<string> => {
  const { out } = await shell.skein('run', 'workflow.yaml', '--input', 'name=Ada', '--json');
  return (JSON.parse(out) as { execution: string }).execution;
};

const owned = async (shell: Shell): Promise<Disposable> => {
  const stores = await openOwnedStores(`${shell.directory}/.skein/skein.db`, () => 'secret');
  return { [Symbol.dispose]: () => stores.close() };
};

const fromTheFuture = async (shell: Shell): Promise<string> => {
  const id = await ranHello(shell);
  const database = new DatabaseSync(`${shell.directory}/.skein/skein.db`);
  database.exec('PRAGMA user_version = 999');
  database.close();
  return id;
};

const wrongUses: readonly WrongUse[] = [
  { title: 'no verb at all', args: [] },
  { title: 'a verb that does not exist', args: ['vlidate', 'workflow.yaml'] },
  { title: 'a misspelled flag', args: ['validate', 'workflow.yaml', '--agent', 'agents.yaml'] },
  { title: 'a missing argument', args: ['validate'] },
  { title: 'an argument too many', args: ['validate', 'workflow.yaml', 'another.yaml'] },
  { title: 'a flag without its value', args: ['validate', 'workflow.yaml', '--agents'] },
  { title: 'a format of findings that there is not', args: ['validate', 'workflow.yaml', '--format', 'xml'] },
  { title: 'two formats of findings at once', args: ['validate', 'workflow.yaml', '--json', '--format', 'sarif'] },
  { title: 'a file that does not exist', args: ['validate', 'nowhere.yaml'] },
  { title: 'a directory instead of a file', args: ['validate', 'agents'] },
  { title: 'a file below a file', args: ['plan', 'workflow.yaml/inner.yaml'] },
  { title: 'a text that is no YAML', args: ['validate', 'w.yaml'], files: { 'w.yaml': 'workflow:\n\tname: x\n' } },
  { title: 'an empty file', args: ['validate', 'w.yaml'], files: { 'w.yaml': '' } },
  {
    title: 'a key that the language does not have',
    args: ['validate', 'w.yaml'],
    files: { 'w.yaml': tiny('{ id: a, agent: one, timeout: 5, dependson: [b] }') },
  },
  {
    title: 'a cycle',
    args: ['plan', 'w.yaml'],
    files: {
      'w.yaml': tiny(
        '{ id: a, agent: one, timeout: 5, depends_on: [b], input: { text: hi } }',
        '    - { id: b, agent: one, timeout: 5, depends_on: [a], input: { text: hi } }\n',
      ),
    },
  },
  {
    title: 'an expression that reads what does not exist',
    args: ['validate', 'w.yaml'],
    files: { 'w.yaml': tiny('{ id: a, agent: one, timeout: 5, input: { text: "${ inputs.name }" } }') },
  },
  {
    title: 'no agent catalogue beside the definition',
    args: ['run', 'alone/w.yaml'],
    files: { 'alone/w.yaml': tiny('{ id: a, agent: one }') },
  },
  { title: 'an agent catalogue that does not exist', args: ['validate', 'workflow.yaml', '--agents', 'agent.yaml'] },
  {
    title: 'an agent catalogue with a mistake',
    args: ['validate', 'workflow.yaml', '--agents', 'a.yaml'],
    files: { 'a.yaml': 'agent_types:\n  writer: { runtime: locl, module: ./agents/writer.mjs }\n' },
  },
  {
    title: 'an agent type that the catalogue lacks',
    args: ['validate', 'workflow.yaml', '--agents', 'a.yaml'],
    files: { 'a.yaml': 'agent_types:\n  writers: { runtime: local, module: ./agents/writer.mjs }\n' },
  },
  { title: 'an unknown format', args: ['export', 'svg', 'workflow.yaml'] },
  { title: 'an export of nothing', args: ['export', 'asl'] },
  { title: 'init where something is already', args: ['init', '.'] },
  { title: 'init below a file', args: ['init', 'workflow.yaml/new'] },
  {
    title: 'run of what this version does not execute',
    args: ['run', 'w.yaml'],
    files: { 'w.yaml': tiny('{ id: a, agent: one, timeout: 5, secrets: [key], input: { text: hi } }') },
  },
  { title: 'an input without a value', args: ['run', 'workflow.yaml', '--input', 'name'] },
  { title: 'an input file that does not exist', args: ['run', 'workflow.yaml', '--input-file', 'input.json'] },
  { title: 'an input file that is no JSON', args: ['run', 'workflow.yaml', '--input-file', 'workflow.yaml'] },
  {
    title: 'an input file without an object',
    args: ['run', 'workflow.yaml', '--input-file', 'i.json'],
    files: { 'i.json': '[1]' },
  },
  { title: 'an input that the schema refuses', args: ['run', 'workflow.yaml', '--input', 'nam=Ada'] },
  { title: 'no workers', args: ['run', 'workflow.yaml', '--input', 'name=Ada', '--workers', '0'] },
  {
    title: 'an agent whose module does not exist',
    args: ['run', 'workflow.yaml', '--input', 'name=Ada', '--agents', 'a.yaml'],
    files: { 'a.yaml': read('agents.yaml').replace('writer.mjs', 'writter.mjs') },
  },
  {
    title: 'an agent module without a default export',
    args: ['run', 'w.yaml'],
    files: {
      'w.yaml': tiny('{ id: a, agent: one, timeout: 5, retry_policy: none, input: { text: hi } }'),
      'agents/writer.mjs': 'export const writer = () => ({ text: "hi" });\n',
    },
  },
  {
    title: 'publishing other content under a version that is taken',
    args: ['publish', 'w.yaml'],
    files: { 'w.yaml': read('workflow.yaml').replace('Good evening', 'Good night') },
    before: ranHello,
  },
  { title: 'publishing while another process owns the database', args: ['publish', 'workflow.yaml'], before: owned },
  { title: 'publishing into memory', args: ['publish', 'workflow.yaml', '--database', ':memory:'] },
  { title: 'the workflows of no database', args: ['workflows'] },
  { title: 'a directory as database', args: ['run', 'workflow.yaml', '--input', 'name=Ada', '--database', 'agents'] },
  { title: 'a file that is no database', args: ['list', '--database', 'workflow.yaml'] },
  { title: 'no database yet', args: ['list'] },
  { title: 'a database in memory, which nobody else can see', args: ['list', '--database', ':memory:'] },
  { title: 'a database of a newer version', args: ['list'], before: fromTheFuture },
  {
    title: 'a database that another process owns',
    args: ['run', 'workflow.yaml', '--input', 'name=Ada'],
    before: owned,
  },
  { title: 'a status that there is not', args: ['list', '--status', 'done'] },
  { title: 'a limit of nothing', args: ['list', '--limit', '0'] },
  { title: 'the status of an unknown execution', args: ['status', 'exec_1'], before: ranHello },
  { title: 'the events of an unknown execution', args: ['events', 'exec_1'], before: ranHello },
  { title: 'the history of an unknown execution', args: ['verify-history', 'exec_1'], before: ranHello },
  { title: 'an explanation of an unknown task', args: ['explain', 'ID', 'wriet'], before: ranHello },
  { title: 'resuming an unknown execution', args: ['resume', 'exec_1'], before: ranHello },
  { title: 'resuming an execution that has ended', args: ['resume', 'ID'], before: ranHello },
  { title: 'resuming where there is no database', args: ['resume', 'exec_1'] },
  { title: 'cancelling where there is no database', args: ['cancel', 'exec_1'] },
  { title: 'cancelling an unknown execution', args: ['cancel', 'exec_1'], before: ranHello },
  { title: 'cancelling an execution that has ended', args: ['cancel', 'ID'], before: ranHello },
  { title: 'cancelling while another process runs', args: ['cancel', 'exec_1'], before: owned },
  { title: 'an event where there is no database', args: ['emit', 'build.finished'] },
  { title: 'an event without a type', args: ['emit', ''], before: ranHello },
  { title: 'an event whose data is no JSON', args: ['emit', 'build.finished', '--data', 'passed'], before: ranHello },
  { title: 'an event whose data is in no file', args: ['emit', 'e', '--data', '@event.json'], before: ranHello },
  { title: 'an event while another process is only starting', args: ['emit', 'build.finished'], before: owned },
  {
    title: 'an error in a command whose findings are asked for as JSON',
    args: ['validate', 'a.yaml', '--format=json'],
  },
  { title: 'an error asked for as JSON', args: ['status', 'exec_1', '--json'] },
];

/** What differs from run to run. */
function settled(text: string): string {
  return text
    .replaceAll(/exec_[0-9A-Z]{26}/g, 'exec_…')
    .replaceAll(/\+\d+\.\d{3} s/g, '+… s')
    .replaceAll(/\(pid \d+\)/g, '(pid …)')
    .replaceAll(/in \d+(\.\d+)? m?s/g, 'in …');
}

async function answerOf({ title, args, files, before }: WrongUse): Promise<string> {
  using shell = openShell();
  shell.write({ ...hello, ...files });
  const prepared = (await before?.(shell)) ?? '';
  const id = typeof prepared === 'string' ? prepared : '';
  const { exitCode, out, err } = await shell.skein(...args.map((arg) => (arg === 'ID' ? id : arg)));
  if (typeof prepared !== 'string') prepared[Symbol.dispose]();
  return settled(`## ${title}\n$ skein ${args.join(' ')}\n${out}${err}[exit ${exitCode}]\n`);
}

describe('wrong use', () => {
  it('is answered with what, where and what next', async () => {
    const answers: string[] = [];
    for (const wrongUse of wrongUses) answers.push(await answerOf(wrongUse));

    expectGolden(goldenFile('cli', 'wrong-use', 'answers.txt'), answers.join('\n'));
    expect(answers.filter((answer) => answer.includes('[exit 0]'))).toEqual([]);
    // No stack frame, and no bug of ours behind a wrong use.
    expect(answers.filter((answer) => /\n\s+at \S+ \(|unexpected_error|SKEIN_DEBUG=1 and/.test(answer))).toEqual([]);
  });
});
