import { describe, expect, it } from 'vitest';
import { stageOf } from '../../lib/index.ts';
import { synthesize } from '../makers/synthesized.ts';

const settings = { MAX_CONCURRENT_WORKFLOWS: '50', EVENT_RETENTION_HOURS: '24' };

describe('the settings of a stage', () => {
  it('are variables of every function', () => {
    const { stacks } = synthesize('dev', { settings });

    const told = Object.values(stacks)
      .flatMap((resources) => Object.values(resources))
      .filter(({ Type, Properties }) => Type === 'AWS::Lambda::Function' && Properties?.['FunctionName'] !== undefined)
      .map(({ Properties }) => (Properties?.['Environment'] as { Variables: object }).Variables);
    expect(told.length).toBeGreaterThan(5);
    expect(told).toEqual(told.map(() => expect.objectContaining(settings) as object));
  });

  it('stop a deployment that would not start', () => {
    expect(() => stageOf('dev', { settings: { WORKFLOW_TIMEOUT_HOURS: '10000' } })).toThrow(
      new RangeError('The settings of the stage are wrong: WORKFLOW_TIMEOUT_HOURS is more than 8760.'),
    );
  });
});
