import { describe, expect, it } from 'vitest';
import { shellAt, startDeployment } from '../../makers/dev-deployment.ts';
import { openShell, type Answer, type Shell } from '../../makers/shell.ts';

const workflow = `
workflow:
  name: greeting
  version: '1.0'
  input: { type: object, required: [name] }
  agents:
    poet: { type: writer }
  tasks:
    - id: verse
      agent: poet
      input: { text: 'Dear \${ input.name }.' }
    - id: letter
      agent: poet
      depends_on: [verse]
      input: { text: '\${ tasks.verse.output.text } Yours.' }
    - id: mistake
      agent: poet
      depends_on: [letter]
      when: \${ input.name == 'Eve' }
      input: { fail: true }
      retry_policy: none
`;
const catalogue = `
agent_types:
  writer: { runtime: local, module: ./writer.mjs }
`;
const agent = `
export default async ({ input }) => {
  if (input.fail) throw Object.assign(new Error('no paper'), { name: 'NoPaper', retryable: false });
  return { text: input.text };
};
`;
const files = { 'greeting.yaml': workflow, 'agents.yaml': catalogue, 'writer.mjs': agent };

/** What differs from run to run: ids, times and durations. A deployment keeps what its agents log to itself. */
function settled({ exitCode, out, err }: Answer): string {
  return `${exitCode}\n${out}${err}`
    .replaceAll(/exec_\w{26}/g, 'exec_…')
    .replaceAll(/\+\d+\.\d{3} s/g, '+… s')
    .replaceAll(/\d+(\.\d+)? m?s\b/g, '… s')
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?Z?)?/g, '…')
    .replaceAll(/"(time|startedAt|settledAt|endedAt|publishedAt)": ?\d+/g, '"$1":…')
    .replaceAll(/█+/g, '█')
    .replaceAll(/^.*  says: .*\n/gm, '')
    .replaceAll(/ {2,}/g, '  ');
}

/** The same commands, one after the other; what they answer, without what differs from run to run. */
async function scenario(shell: Shell, commands: readonly (readonly string[])[]): Promise<readonly string[]> {
  let id = '';
  const answers: string[] = [];
  for (const command of commands) {
    const answer = await shell.skein(...command.map((word) => word.replace('ID', id)));
    id = /exec_\w{26}/.exec(answer.out)?.[0] ?? id;
    answers.push(`$ skein ${command.join(' ')}\n${settled(answer)}`);
  }
  return answers;
}

async function bothSides() {
  const here = openShell();
  here.write(files);
  const deployment = await startDeployment(catalogue, here.directory);
  const there = shellAt(deployment);
  there.write({ 'greeting.yaml': workflow });
  return { here, there, [Symbol.dispose]: () => [here, there].forEach((shell) => shell[Symbol.dispose]()) };
}

describe('a deployment', () => {
  it('answers as the database of this machine does', async () => {
    using sides = await bothSides();
    const commands = [
      ['publish', 'greeting.yaml'],
      ['publish', 'greeting.yaml'],
      ['workflows'],
      ['list'],
      ['run', 'greeting.yaml', '--input', 'name=Ada'],
      ['list', '--workflow', 'greeting', '--status', 'succeeded'],
      ['list', '--status', 'failed'],
      ['status', 'ID'],
      ['status', 'ID', '--all', '--timeline'],
      ['events', 'ID'],
      ['explain', 'ID'],
      ['explain', 'ID', 'letter'],
      ['verify-history', 'ID'],
      ['run', 'greeting.yaml', '--input', 'name=Eve'],
      ['explain', 'ID', 'mistake'],
      ['cancel', 'ID'],
      ['emit', 'paper.delivered', '--data', '{"sheets": 3}', '--id', 'first'],
    ];

    const here = await scenario(sides.here, commands);
    const there = await scenario(sides.there, commands);

    expect(there).toEqual(here.map((text) => text.replace(/no process runs executions here: .*\n/, '')));
  });

  it('exports the graph of what is published, and the machine with its ARNs', async () => {
    using sides = await bothSides();
    await sides.there.skein('publish', 'greeting.yaml');

    const graph = await sides.there.skein('export', 'mermaid', 'greeting');
    const machine = await sides.there.skein('export', 'asl', 'greeting');

    expect(graph.out).toBe((await sides.here.skein('export', 'mermaid', 'greeting.yaml')).out);
    expect(JSON.parse(machine.out)).toMatchObject({
      StartAt: 'begin',
      States: { begin: { Arguments: { FunctionName: 'begin', Payload: { workflow: 'greeting', version: '1.0' } } } },
    });
  });

  it('answers programs as the database of this machine does', async () => {
    using sides = await bothSides();
    const commands = [
      ['publish', 'greeting.yaml', '--json'],
      ['run', 'greeting.yaml', '--input', 'name=Ada', '--json'],
      ['workflows', 'greeting', '--json'],
      ['list', '--json'],
      ['status', 'ID', '--json'],
      ['explain', 'ID', '--json'],
      ['verify-history', 'ID', '--json'],
    ];

    const here = await scenario(sides.here, commands);
    const there = await scenario(sides.there, commands);

    expect(there.map(unordered)).toEqual(here.map(unordered));
  });
});

/** Members of objects have no order. */
function unordered(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim().replace(/,$/, ''))
    .sort();
}
