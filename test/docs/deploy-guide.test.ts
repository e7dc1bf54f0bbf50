import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { settingNames, settingRows } from '../../core/settings/index.ts';
import { checkout } from '../architecture/source-file.ts';
import { synthesize, type TemplateResource } from '../makers/synthesized.ts';

const guide = readFileSync(`${checkout}docs/guide/deploy.md`, 'utf8');
const stages = {
  dev: synthesize('dev'),
  prod: synthesize('prod', { issuer: { issuer: 'i', audience: 'a', jwksUrl: 'j' } }),
};

/** The cells of the table row that begins with this text. */
function row(first: string): string[] {
  const line = guide.split('\n').find((text) => text.startsWith(`| ${first} |`)) ?? '';
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('**', ''));
}

function ofType(stage: keyof typeof stages, type: string): TemplateResource[] {
  return Object.values(stages[stage].stacks)
    .flatMap((resources) => Object.values(resources))
    .filter(({ Type }) => Type === type);
}

/** In cents, so that sums are exact. */
const cents = (cell = ''): number => (cell === '–' ? 0 : Math.round(Number(cell) * 100));

describe('the guide to deployments', () => {
  it.each(settingNames)('tells what %s sets, and whether it does', (name) => {
    const { usual, meaning, acts } = settingRows[name];
    const idle = guide.indexOf('nothing acts on them in this version');

    expect(row(`\`${name}\``).slice(1)).toEqual([String(usual), meaning]);
    expect(guide.indexOf(`| \`${name}\``) < idle).toBe(acts);
  });

  it.each(Object.keys(stages.dev.stacks))('counts the resources of %s', (stack) => {
    const resources = Object.keys(stages.dev.stacks[stack] ?? {}).length;

    expect(row(`\`Skein-dev-${stack}\``)[2]).toBe(String(resources));
  });

  it.each([
    ['alarms', 'AWS::CloudWatch::Alarm', 0.1],
    ['dashboard', 'AWS::CloudWatch::Dashboard', 3],
    ['secrets', 'AWS::SecretsManager::Secret', 0.4],
    ['KMS key', 'AWS::KMS::Key', 1],
  ])('reckons %s at rest by their number', (what, type, price) => {
    const [, , dev, prod] = row(what);

    expect([cents(dev), cents(prod)]).toEqual(
      (['dev', 'prod'] as const).map((stage) => Math.round(ofType(stage, type).length * price * 100)),
    );
  });

  it('reckons the web ACL by its rules', () => {
    const [{ Properties } = { Properties: {} }] = ofType('prod', 'AWS::WAFv2::WebACL');
    const { Rules = [] } = (Properties ?? {}) as { Rules?: unknown[] };

    expect(cents(row('web ACL')[3])).toBe(100 * (5 + Rules.length));
  });

  it('counts the queues that Lambda asks, and how often the sweeper runs', () => {
    const queues = ofType('dev', 'AWS::Lambda::EventSourceMapping').filter(
      ({ Properties }) => Properties?.['StartingPosition'] === undefined,
    );
    const runs = (['dev', 'prod'] as const).map((stage) => {
      const [rule] = ofType(stage, 'AWS::Events::Rule').filter(({ Properties }) => Properties?.['ScheduleExpression']);
      const [, minutes = 1] = /rate\((\d+) minutes?\)/.exec(String(rule?.Properties?.['ScheduleExpression'])) ?? [];
      return ((30 * 24 * 60) / Number(minutes)).toLocaleString('en');
    });

    expect(row('queues')[1]).toContain(`each of ${queues.length} `);
    expect(row('sweeper')[1]).toContain(runs.join(' or '));
  });

  it('adds up', () => {
    const rows = guide
      .split('**For an execution**')[0]
      ?.split('\n')
      .filter((line) => /^\| [^|]+ \|[^|]*\| [\d.–]+ \| [\d.–]+ \|$/.test(line))
      .map((line) =>
        line
          .split('|')
          .slice(3, 5)
          .map((cell) => cents(cell.trim())),
      );
    const sum = (column: number): number => (rows ?? []).reduce((total, cells) => total + (cells[column] ?? 0), 0);

    const [, , dev, prod] = row('**in all**');

    expect([cents(dev), cents(prod)]).toEqual([sum(0), sum(1)]);
  });

  it('knows every alarm by its name', () => {
    const said = guide.split('## When an alarm rings')[1]?.split('## ')[0] ?? '';
    const names = ofType('dev', 'AWS::CloudWatch::Alarm').map(({ Properties }) =>
      String(Properties?.['AlarmName']).replace('skein-dev-', ''),
    );

    const unknown = names
      .map((name) => name.replace(/^errors-.*/, 'errors-<function>').replace(/^dead-letters(?=-answers|-endings)/, ''))
      .filter((name) => !said.includes(`\`${name}\``));

    expect(unknown).toEqual([]);
  });
});
