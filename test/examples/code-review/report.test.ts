import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import lint from '../../../examples/code-review/agents/lint.ts';
import synthesis from '../../../examples/code-review/agents/synthesis.ts';
import {
  areas,
  concludeAnalysis,
  maxFindings,
  type Analysis,
  type Area,
  type Finding,
} from '../../../examples/code-review/findings/index.ts';
import { gradeOf, mergeReview, renderMarkdown, renderSarif } from '../../../examples/code-review/report/index.ts';
import type { Inventory } from '../../../examples/code-review/repository/index.ts';
import { sarifSchema } from '../../makers/sarif-schema.ts';
import { callAgent } from '../call-agent.ts';
import { plantFolder } from '../planted-folder.ts';
import { survey } from './review.ts';

function aFinding(changes: Partial<Finding> = {}): Finding {
  const base = {
    rule: 'weak-hash',
    severity: 'medium',
    path: 'src/a.ts',
    line: 7,
    message: 'MD5.',
    explanation: 'Why.',
  } as const;
  return { ...base, ...changes };
}

function inventoryOf(lines = 2_000): Inventory {
  const files = [{ path: 'src/a.ts', language: 'TypeScript', role: 'source' as const, lines, bytes: 1 }];
  return { root: '/home/me/project', name: 'project', from: 'git', files, notLookedAt: [] };
}

function reviewOf(findings: Partial<Record<Area, Finding[]>>, lines?: number) {
  const analyses = Object.fromEntries(
    areas.map((area) => [area, concludeAnalysis({ area, examined: 'one file', findings: findings[area] ?? [] })]),
  ) as Record<Area, Analysis>;
  const statuses = Object.fromEntries(areas.map((area) => [area, 'succeeded'])) as Record<Area, string>;
  return mergeReview(inventoryOf(lines), analyses, statuses);
}

describe('gradeOf', () => {
  it.each([
    [{ high: 0, medium: 0, low: 0, info: 90 }, 5_000, 100, 'A'],
    [{ high: 0, medium: 0, low: 20, info: 0 }, 1_000, 50, 'D'],
    [{ high: 0, medium: 5, low: 5, info: 0 }, 10_000, 91, 'A'],
    [{ high: 0, medium: 10, low: 10, info: 0 }, 10_000, 83, 'B'],
    [{ high: 1, medium: 0, low: 0, info: 0 }, 100_000, 100, 'C'],
    [{ high: 3, medium: 3, low: 1, info: 0 }, 10, 33, 'E'],
  ] as const)('grades %o in %d lines with %d, %s', (counts, lines, score, letter) => {
    expect(gradeOf(counts, lines)).toMatchObject({ score, letter });
  });
});

describe('concludeAnalysis', () => {
  it('sorts the worst first, caps what travels, and counts all', () => {
    const many = Array.from({ length: 250 }, (_, index) => aFinding({ severity: 'low', line: 250 - index }));

    const analysis = concludeAnalysis({
      area: 'lint',
      examined: '',
      findings: [...many, aFinding({ severity: 'high' })],
    });

    expect(analysis.findings).toHaveLength(maxFindings);
    expect(analysis.findings[0]?.severity).toBe('high');
    expect(analysis.findings[1]?.line).toBe(1);
    expect(analysis.counts).toEqual({ high: 1, medium: 0, low: 250, info: 0 });
  });
});

describe('mergeReview', () => {
  it('ranks the findings of all areas, and tells what two of them met once', () => {
    const syntax = aFinding({ rule: 'syntax-error', path: 'b.py', line: 1, severity: 'low' });

    const review = reviewOf({
      lint: [syntax],
      documentation: [{ ...syntax, severity: 'high' }],
      security: [aFinding(), aFinding({ line: 8 })],
    });

    expect(review.findings.map(({ severity, path, line }) => `${severity} ${path}:${line}`)).toEqual([
      'high b.py:1',
      'medium src/a.ts:7',
      'medium src/a.ts:8',
    ]);
    expect(review.findings[0]?.areas).toEqual(['lint', 'documentation']);
    expect(review.counts).toEqual({ high: 1, medium: 2, low: 0, info: 0 });
  });

  it('grades no repository without code', () => {
    expect(reviewOf({}, 0).grade).toBeUndefined();
  });
});

describe('renderMarkdown', () => {
  it('links findings from the report to the repository', () => {
    const review = reviewOf({ security: [aFinding({ path: 'src/a b.ts' })] });

    const text = renderMarkdown(review, '/home/me/reports');

    expect(text).toContain('[src/a b.ts:7](../project/src/a%20b.ts#L7): MD5.');
    expect(text).toContain('**Grade A** (93 of 100): 1 finding in 2,000 lines of code and tests.');
    expect(text).toContain('| Security | 0 | 1 | 0 | 0 | 93 |');
  });

  it('lets nothing of the repository become markup', () => {
    const message = '`a|b` <script>alert(1)</script> [x](y) | *z*';

    const text = renderMarkdown(reviewOf({ lint: [aFinding({ message, path: 'a`<b>.ts' })] }), '/');

    expect(text).toContain('`a\\|b` \\<script\\>alert(1)\\</script\\> \\[x\\](y) \\| \\*z\\*');
    expect(text).not.toContain('<b>');
  });

  it('tells at most three of a rule first, and ten of it in its area', () => {
    const findings = Array.from({ length: 12 }, (_, index) => aFinding({ line: index + 1 }));

    const [top = '', rest = ''] = renderMarkdown(reviewOf({ security: findings }), '/').split('## Structure');

    expect(top.match(/^\d+\. /gm)).toHaveLength(3);
    expect(rest.match(/^- \[/gm)).toHaveLength(10);
    expect(rest).toContain('- and 2 more, all in review.sarif');
  });
});

describe('renderSarif', () => {
  it('writes valid SARIF 2.1.0', () => {
    const isSarif = sarifSchema();
    const review = reviewOf({
      structure: [aFinding({ rule: 'no-readme', path: '.', line: 1, severity: 'info' })],
      lint: [aFinding({ path: 'a b.ts', severity: 'low' })],
      security: [aFinding(), aFinding({ severity: 'high', line: 9 })],
    });

    const log: unknown = JSON.parse(renderSarif(review));

    expect(isSarif(log), JSON.stringify(isSarif.errors)).toBe(true);
    expect(log).toMatchObject({
      runs: [
        {
          tool: { driver: { rules: [{ id: 'weak-hash' }, { id: 'no-readme' }] } },
          originalUriBaseIds: { REPOSITORY: { uri: 'file:///home/me/project/' } },
          invocations: [{ executionSuccessful: true }],
          results: [
            { ruleId: 'weak-hash', ruleIndex: 0, level: 'error' },
            { ruleId: 'weak-hash', ruleIndex: 0, level: 'warning' },
            {
              level: 'note',
              locations: [{ physicalLocation: { artifactLocation: { uri: 'a%20b.ts' }, region: { startLine: 7 } } }],
            },
            { ruleId: 'no-readme', ruleIndex: 1, level: 'none', kind: 'informational', locations: [] },
          ],
        },
      ],
    });
  });

  it('would not pass the schema with a level that SARIF does not know', () => {
    const isSarif = sarifSchema();

    const log: unknown = JSON.parse(renderSarif(reviewOf({ lint: [aFinding()] })).replace('"warning"', '"medium"'));

    expect(isSarif(log)).toBe(false);
  });
});

describe('synthesis', () => {
  it('writes the same report for the same repository, also when an analyser failed or was skipped', async () => {
    const { inventory, structure } = await survey(plantFolder({ 'a.js': 'export const a = { k: 1, k: 2 };\n' }));
    const report = plantFolder({});
    const input = {
      inventory,
      report,
      analyses: {
        structure,
        lint: await callAgent(lint, { inventory }),
        security: null,
        complexity: null,
        documentation: null,
      },
      statuses: {
        structure: 'succeeded',
        lint: 'succeeded',
        security: 'failed',
        complexity: 'skipped',
        documentation: 'unknown',
      },
    };

    const first = await callAgent(synthesis, input);
    const texts = ['review.md', 'review.sarif'].map((name) => readFileSync(join(report, name), 'utf8'));
    const second = await callAgent(synthesis, input);

    expect(first).toEqual({
      report: join(report, 'review.md'),
      sarif: join(report, 'review.sarif'),
      grade: 'B',
      score: 87,
      findings: { high: 0, medium: 1, low: 0, info: 0 },
    });
    expect(second).toEqual(first);
    expect(['review.md', 'review.sarif'].map((name) => readFileSync(join(report, name), 'utf8'))).toEqual(texts);
    expect(texts[0]).toContain('It is incomplete: security, documentation could not be examined.');
    expect(texts[0]).toContain('No result: the analyser ended as failed.');
    expect(texts[0]).toContain('Skipped: nothing here to look at.');
    expect(texts[1]).toContain('"executionSuccessful": false');
  });
});
