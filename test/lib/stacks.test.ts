import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { expectGolden, goldenFile } from '../makers/golden.ts';
import { inventoryText, nagFindings, synthesize } from '../makers/synthesized.ts';

describe('createStacks', () => {
  it.each([
    ['dev', {}],
    ['dev', { emulator: 'http://127.0.0.1:4566' }],
    ['prod', {}],
  ] as const)('satisfies cdk-nag in stage %s with %j', (name, options) => {
    const stage = synthesize(name, options);

    const findings = nagFindings(stage);

    expect(findings).toEqual([]);
  });

  it('would be told by cdk-nag of a bucket that anybody may read', () => {
    const stage = synthesize('dev');
    new Bucket(stage.created.state, 'Careless');

    const findings = nagFindings(stage);

    expect(findings).toContain('AwsSolutions-S10: Skein-dev-State/Careless/Resource');
  });

  it.each([
    ['of AWS', {}, 'execute-api'],
    ['of an emulator', { emulator: 'http://127.0.0.1:4566' }, 'http://127.0.0.1:4566/_aws/execute-api/'],
  ] as const)('tells its API where it is reached, with the stage in the path: %s', (_where, options, start) => {
    const { stacks } = synthesize('dev', options);

    const functions = Object.values(stacks['Api'] ?? {}).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    const [told] = functions.map(({ Properties }) => JSON.stringify(Properties?.['Environment']));
    expect(told).toMatch(new RegExp(`"SKEIN_API_URL":[^]*${start}[^]*/dev"`));
  });

  it.each(['dev', 'prod'] as const)('has these resources in stage %s', (name) => {
    const stage = synthesize(name);

    expectGolden(goldenFile('stacks', `stage ${name}`, 'resources.txt'), inventoryText(stage));
  });
});
