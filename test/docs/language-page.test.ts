import { describe, expect, it } from 'vitest';
import { agentCatalogueJsonSchema, workflowJsonSchema } from '../../core/definition/index.ts';
import { isJsonObject, type Json } from '../../core/json/index.ts';
import { notExecuted } from '../../core/validation/index.ts';
import { languagePage } from '../../docs/language-page.ts';

const page = languagePage();
const sections = page.split(/^(?=##+ )/m).slice(1);

/** The text below a heading, up to the next one. */
function section(title: string): string {
  return sections.find((text) => text.startsWith(`## ${title}\n`) || text.startsWith(`### ${title}\n`)) ?? '';
}

/** The cells of a key's row. */
function row(title: string, key: string): string[] {
  const line = section(title)
    .split('\n')
    .find((text) => text.startsWith(`| \`${key}\` |`));
  return line?.slice(2, -2).split(' | ') ?? [];
}

/** Names of all keys that objects of the schema have. */
function keysIn(schema: Json): string[] {
  if (Array.isArray(schema)) return schema.flatMap((item: Json) => keysIn(item));
  if (!isJsonObject(schema)) return [];
  const { properties } = schema;
  return [...(isJsonObject(properties) ? Object.keys(properties) : []), ...Object.values(schema).flatMap(keysIn)];
}

describe('languagePage', () => {
  it('has a row for every key of a workflow and of an agent catalogue', () => {
    const keys = new Set([...keysIn(workflowJsonSchema()), ...keysIn(agentCatalogueJsonSchema())]);
    // What the documents themselves are told to have, and what headings say.
    for (const key of ['agent_types', 'runtime']) keys.delete(key);
    const rows = new Set([...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key));

    expect([...keys].filter((key) => !rows.has(key))).toEqual([]);
  });

  it('says what a key takes, its default and what it is for', () => {
    expect(row('task', 'priority').slice(0, 4)).toEqual(['`priority`', 'whole number from 0 to 9', 'agents', '']);
    expect(row('workflow', 'name')).toEqual([
      '`name`',
      '[name](#name)',
      '**required**',
      'What it is called across its versions.',
    ]);
    expect(row('workflow.concurrency', 'max_parallel')[1]).toBe('whole number from 1');
    expect(row('workflow', 'timeout').slice(1, 3)).toEqual(['[duration](#duration)', '`1d`']);
    expect(row('workflow', 'triggers')[1]).toBe('list of [keys](#workflowtriggers)');
    expect(row('workflow', 'agents')[1]).toBe('[agent](#agent), by name');
    expect(row('task.for_each', 'items')[1]).toBe('text, or list of anything');
    expect(row('workflow.budget', 'usd')[1]).toBe('number above 0');
  });

  it('says which kinds of task read a key', () => {
    expect(row('task', 'when')[2]).toBe('all');
    expect(row('task', 'retry_policy')[2]).toBe('agents');
    expect(row('task', 'for_each')[2]).toBe('agents, `workflow`');
    expect(row('task', 'loop')).toHaveLength(4);
  });

  it('marks what is not executed yet: a key, a section, a value', () => {
    expect(row('workflow', 'schedule').at(-1)).toMatch(/\*Not executed yet\.\*$/);
    expect(section('workflow.schedule')).toContain('*Not executed yet.*');
    expect(row('workflow.schedule', 'cron').at(-1)).not.toContain('*');
    expect(row('task', 'compensate').at(-1)).not.toContain('executed');
    expect(row('workflow', 'orchestration_pattern').at(-1)).toContain('*Only `graph` is executed yet.*');
    expect(row('workflow.fault_tolerance', 'on_failure').at(-1)).toContain('*`pause` is not executed yet.*');
    expect(row('task', 'loop').at(-1)).not.toContain('executed');
    expect(section('runtime: local')).not.toContain('executed');
    expect(section('runtime: ecs')).toContain('*Not executed yet.*');
  });

  it('has a mark for every row of the table of what is not executed', () => {
    const marked = notExecuted.filter(({ way }) => {
      const steps = way.split('.');
      const key = steps.at(-1) ?? '';
      return [...page.matchAll(/^\| `(\w+)` \|.*executed yet\.\* \|$/gm)].some(([, name]) => name === key);
    });

    expect(marked).toEqual(notExecuted);
  });

  it('links to sections that are there', () => {
    const anchors = new Set(
      sections.map((text) => /^#+ (.*)$/m.exec(text)?.[1]?.toLowerCase().replaceAll(/[.:]/g, '').replaceAll(' ', '-')),
    );
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);

    expect(links.length).toBeGreaterThan(40);
    expect(links.filter((link) => !anchors.has(link))).toEqual([]);
  });
});
