import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import type { AgentFunction } from '../../../core/agents/index.ts';
import { CodeReviewAgents } from '../../../examples/code-review/aws/code-review-agents.ts';
import { fromBundle } from '../../../examples/code-review/aws/bundled-repository.ts';
import { keptReport } from '../../../examples/code-review/aws/report-bucket.ts';
import { callAgent, outputOf } from '../../../sdk/testing/index.ts';
import { openShell } from '../../makers/shell.ts';
import { unbundled } from '../../makers/synthesized.ts';

describe('fromBundle', () => {
  const echo: AgentFunction = ({ input }) => input;

  it('takes a relative path for one in the repository that was deployed', async () => {
    const run = await callAgent(fromBundle(echo), { repository: 'src' });

    expect(outputOf(run)).toMatchObject({ repository: expect.stringMatching(/\/repository\/src$/) as string });
  });

  it('leaves an absolute path as it is', async () => {
    const run = await callAgent(fromBundle(echo), { repository: '/mnt/shared' });

    expect(outputOf(run)).toEqual({ repository: '/mnt/shared' });
  });
});

describe('keptReport', () => {
  /** Writes its two files where it is told to, as synthesis does. */
  const writer: AgentFunction = async ({ input }) => {
    const { report: folder } = input as { report: string };
    await mkdir(folder, { recursive: true });
    const [report, sarif] = [join(folder, 'review.md'), join(folder, 'review.sarif')];
    for (const path of [report, sarif]) writeFileSync(path, `text of ${path.slice(folder.length)}`);
    return { report, sarif, grade: 'A' };
  };

  it('keeps the report of a relative path under the execution, and answers where', async () => {
    const kept = new Map<string, string>();
    const keep = async (key: string, body: Buffer): Promise<string> => {
      kept.set(key, body.toString());
      return `s3://bucket/${key}`;
    };

    const run = await callAgent(keptReport(writer, keep), { report: 'reports/review' }, { execution: 'exec_1' });

    expect(outputOf(run)).toEqual({
      report: 's3://bucket/reports/review/exec_1/review.md',
      sarif: 's3://bucket/reports/review/exec_1/review.sarif',
      grade: 'A',
    });
    expect([...kept.values()]).toEqual(['text of /review.md', 'text of /review.sarif']);
  });

  it('leaves the report of an absolute path where it is', async () => {
    using shell = openShell();
    const folder = join(shell.directory, 'report');
    const keep = () => Promise.reject(new Error('not asked'));

    const run = await callAgent(keptReport(writer, keep), { report: folder });

    expect(outputOf(run)).toMatchObject({ report: join(folder, 'review.md') });
  });
});

describe('CodeReviewAgents', () => {
  it('are six functions with the schemas of their catalogue, and only the last may put reports', () => {
    const template = Template.fromStack(new CodeReviewAgents(new App({ context: unbundled }), 'Agents'));

    template.resourceCountIs('Custom::SkeinAgentTypes', 6);
    template.resourcePropertiesCountIs('AWS::Lambda::Function', { Runtime: 'nodejs24.x', MemorySize: 1769 }, 6);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'index.synthesis',
      Environment: { Variables: { REPORT_BUCKET: Match.anyValue() } },
    });
    const policies = Object.values(template.findResources('AWS::IAM::Policy')).map((policy) => JSON.stringify(policy));
    expect(policies.filter((policy) => policy.includes('s3:PutObject'))).toHaveLength(1);
  });
});
