import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../adapters/aws/index.ts';

const engine = {
  AWS_REGION: 'eu-west-1',
  SKEIN_STAGE: 'dev',
  SKEIN_TABLE: 'table',
  SKEIN_BUCKET: 'bucket',
  SKEIN_TIMER_QUEUE_URL: 'https://sqs/timers',
  SKEIN_HANDLE_SECRET_ARN: 'arn:aws:secretsmanager:::secret:x',
};

describe('readEnvironment', () => {
  it('gives what a function needs, what it may know, and every setting', () => {
    const read = readEnvironment('begin', { ...engine, SKEIN_API_URL: 'https://api/', OTHER: 'x' });

    expect(read).toMatchObject({ ...engine, SKEIN_API_URL: 'https://api', MAX_CONCURRENT_WORKFLOWS: 1000 });
    expect(read).not.toHaveProperty('OTHER');
    expect(read.SKEIN_TENANT_ROLE_ARN).toBeUndefined();
  });

  it('names every variable that is missing or wrong in one error, and no value', () => {
    const source = {
      ...engine,
      SKEIN_TABLE: undefined,
      SKEIN_TIMER_QUEUE_URL: 'secret-text',
      MAX_CONCURRENT_WORKFLOWS: 'many',
      SKEIN_API_URL: 'api',
    };

    expect(() => readEnvironment('begin', source)).toThrow(
      expect.objectContaining({
        name: 'InvariantError',
        code: 'environment_incomplete',
        message:
          'begin cannot start: SKEIN_TABLE is missing; SKEIN_TIMER_QUEUE_URL is no URL; SKEIN_API_URL is no URL; MAX_CONCURRENT_WORKFLOWS is no number.',
      }),
    );
  });

  it('takes an empty text for a variable that is not there', () => {
    expect(readEnvironment('begin', { ...engine, SKEIN_API_URL: '', WORKFLOW_TIMEOUT_HOURS: '' })).toMatchObject({
      WORKFLOW_TIMEOUT_HOURS: 24,
    });
    expect(() => readEnvironment('begin', { ...engine, SKEIN_STAGE: '' })).toThrow('SKEIN_STAGE is missing');
  });

  it('asks a function only for what it needs', () => {
    expect(() => readEnvironment('project-view', engine)).toThrow(
      'SKEIN_BUS is missing; SKEIN_MACHINE_QUEUE_URL is missing',
    );
    expect(() => readEnvironment('compile-workflow', engine)).toThrow('SKEIN_MACHINE_ROLE_ARN is missing');
  });

  it.each([
    ['WORKFLOW_TIMEOUT_HOURS', '8761', 'is more than 8760'],
    ['CHECKPOINT_INTERVAL_MINUTES', '1.5', 'is no whole number'],
    ['SKEIN_HANDLE_SECRET_ARN', 'arn:aws:s3:::x', 'is no ARN of secretsmanager'],
  ])('refuses %s=%s', (name, value, why) => {
    expect(() => readEnvironment('begin', { ...engine, [name]: value })).toThrow(`${name} ${why}`);
  });
});
