import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkout } from '../architecture/source-file.ts';
import { openShell } from '../makers/shell.ts';
import { synthesize, type TemplateResource } from '../makers/synthesized.ts';

const folder = `${checkout}docs/runbooks/`;
const runbooks = globSync('*.md', { cwd: folder }).toSorted();

const alarmsOf = (stage: 'dev' | 'prod'): readonly TemplateResource[] =>
  Object.values(synthesize(stage).stacks['Observability'] ?? {}).filter(
    ({ Type }) => Type === 'AWS::CloudWatch::Alarm',
  );
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Every `skein …` line in a fenced block. */
function commandsOf(file: string): readonly string[] {
  const blocks = [...readFileSync(folder + file, 'utf8').matchAll(/^```\n([^]*?)^```$/gm)].map(
    ([, block = '']) => block,
  );
  return blocks.flatMap((block) => block.split('\n')).filter((line) => line.startsWith('skein '));
}

describe('the alarms', () => {
  it.each(['dev', 'prod'] as const)('of %s name a runbook each, and it is there', (stage) => {
    const alarms = alarmsOf(stage);

    const named = alarms.map(({ Properties = {} }) => ({
      alarm: textOf(Properties['AlarmName']),
      runbook: /docs\/runbooks\/([\w-]+\.md)$/.exec(textOf(Properties['AlarmDescription']))?.[1] ?? '',
    }));

    expect(alarms.length).toBeGreaterThan(10);
    expect(named.filter(({ runbook }) => runbook === '' || !existsSync(folder + runbook))).toEqual([]);
  });

  it('have no queue of dead letters that the runbook does not know', () => {
    const text = readFileSync(`${folder}dead-letters.md`, 'utf8');
    const queues = alarmsOf('prod').flatMap(
      ({ Properties = {} }) => /dead-letters-(.+)$/.exec(textOf(Properties['AlarmName']))?.[1] ?? [],
    );

    const unknown = queues.filter((queue) => queue !== 'recorded' && !text.includes(`\`${queue}\``));

    expect(queues.length).toBeGreaterThan(3);
    expect(unknown).toEqual([]);
  });
});

describe('the runbooks', () => {
  it('stand in the list, all of them', () => {
    const list = readFileSync(`${folder}README.md`, 'utf8');

    expect(runbooks.filter((file) => file !== 'README.md' && !list.includes(`(${file})`))).toEqual([]);
  });

  const commands = runbooks.flatMap((file) => commandsOf(file).map((line) => ({ file, line })));

  it.each(commands)('$file: `$line` is a command that there is', async ({ line }) => {
    using shell = openShell();
    const words = line.match(/"[^"]*"|\S+/g)?.slice(1) ?? [];
    const [verb = ''] = words;
    const options = words.filter((word) => word.startsWith('--'));

    const { exitCode, out } = await shell.skein(verb, '--help');
    const known: readonly string[] = out.match(/--[a-z-]+/g) ?? [];

    expect(exitCode).toBe(0);
    expect(out).toContain(`Usage: skein ${verb}`);
    expect(options.filter((option) => !known.includes(option))).toEqual([]);
    if (verb === 'task') expect(out).toContain(`\`${words[1]}\``);
  });

  it('show commands', () => {
    expect(commands.length).toBeGreaterThan(20);
  });
});
