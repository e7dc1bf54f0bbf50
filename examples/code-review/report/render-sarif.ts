import { pathToFileURL } from 'node:url';
import { wholeRepository, type Severity } from '../findings/index.ts';
import type { RankedFinding, Review } from './review.ts';

const levels: Readonly<Record<Severity, string>> = { high: 'error', medium: 'warning', low: 'note', info: 'none' };

/**
 * SARIF 2.1.0, the format that editors and code hosts show findings from.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function renderSarif(review: Review): string {
  const rules = [...Map.groupBy(review.findings, ({ rule }) => rule)].map(([id, group]) => {
    const [first] = group;
    return { id, fullDescription: { text: first?.explanation ?? id }, properties: { tags: first?.areas ?? [] } };
  });
  const ruleIndex = new Map(rules.map(({ id }, index) => [id, index]));
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'skein code-review', rules } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { REPOSITORY: { uri: pathToFileURL(`${review.root}/`).href } },
        invocations: [invocationOf(review)],
        results: review.findings.map((finding) => resultOf(finding, ruleIndex.get(finding.rule) ?? -1)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** Whether all areas were examined, and what was not looked at. */
function invocationOf({ results }: Review) {
  return {
    executionSuccessful: results.every(({ analysis, status }) => analysis !== undefined || status === 'skipped'),
    toolExecutionNotifications: results.flatMap(({ area, analysis }) =>
      (analysis?.notLookedAt ?? []).map((text) => ({ level: 'note', message: { text: `${area}: ${text}` } })),
    ),
  };
}

function resultOf(finding: RankedFinding, ruleIndex: number) {
  const level = levels[finding.severity];
  const uri = finding.path.split('/').map(encodeURIComponent).join('/');
  const artifactLocation = { uri, uriBaseId: 'REPOSITORY' };
  const region = { startLine: finding.line };
  return {
    ruleId: finding.rule,
    ruleIndex,
    level,
    kind: level === 'none' ? 'informational' : 'fail',
    message: { text: finding.message },
    // A finding on the repository as a whole has no line to point at.
    locations: finding.path === wholeRepository ? [] : [{ physicalLocation: { artifactLocation, region } }],
  };
}
