import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../core/errors/index.ts';
import { link, lower, partition, type LinkTargets } from '../../statemachines/index.ts';
import { parallel, task } from '../makers/block.ts';
import { smallPlan } from '../makers/small-plan.ts';

const targets: LinkTargets = {
  begin: 'arn:begin',
  dispatch: 'arn:dispatch',
  conclude: 'arn:conclude',
  tenant: 'acme',
  workflow: 'review',
  version: '1.2',
};

/** A machine whose tasks are called like the placeholders. */
const hostile = lower({
  ...smallPlan({ 'skein:dispatch': {}, 'skein:tenant': { fanOut: 2 } }),
  skeleton: parallel(task('skein:dispatch'), task('skein:tenant')),
});

const callsOf = (value: unknown): { FunctionName: string; Payload: Record<string, unknown> }[] => {
  if (typeof value !== 'object' || value === null) return [];
  if ('FunctionName' in value) return [value as { FunctionName: string; Payload: Record<string, unknown> }];
  return Object.values(value).flatMap(callsOf);
};

describe('link', () => {
  it('puts functions, tenant and version where their placeholders are', () => {
    const [begin, ...rest] = callsOf(link(hostile, targets));

    expect(begin).toMatchObject({
      FunctionName: 'arn:begin',
      Payload: { tenant: 'acme', workflow: 'review', version: '1.2' },
    });
    expect(rest.map(({ FunctionName }) => FunctionName)).toEqual([
      'arn:dispatch',
      'arn:dispatch',
      'arn:dispatch',
      'arn:conclude',
    ]);
    expect(rest.every(({ Payload }) => Payload['tenant'] === 'acme')).toBe(true);
  });

  it('leaves a task alone that is called like a placeholder', () => {
    const paths = callsOf(link(hostile, targets)).flatMap(({ Payload }) => Payload['task'] ?? []);

    expect(paths).toEqual(['skein:dispatch', 'skein:tenant[0]', 'skein:tenant[1]']);
  });

  it('lets no tenant or version become an expression', () => {
    const [begin] = callsOf(link(hostile, { ...targets, tenant: '{% $x %}', version: '{% $y %}' }));

    expect(begin?.Payload).toMatchObject({
      tenant: String.raw`{% "{\u0025 $x \u0025}" %}`,
      version: String.raw`{% "{\u0025 $y \u0025}" %}`,
    });
  });

  it('puts the machines of parts where their placeholders are, and refuses a part that nobody knows', () => {
    const tasks = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`t${n}`, {}]));
    const plan = { ...smallPlan(tasks), skeleton: parallel(...Object.keys(tasks).map(task)) };
    const { root } = partition(plan, { raw: 6_000, escaped: 7_200, events: 15_000 });

    const machine = link(root, { ...targets, part: (number) => `arn:part:${number}` });
    const linked = JSON.stringify(machine);

    expect(linked).toBe(
      JSON.stringify(root)
        .replaceAll('skein:part:', 'arn:part:')
        .replaceAll('skein:tenant', 'acme')
        .replace('skein:workflow', 'review')
        .replace('skein:version', '1.2')
        .replaceAll('skein:', 'arn:'),
    );
    expect(linked).toMatch(/"StateMachineArn":"arn:part:\d"/);
    expect(linked).not.toContain('skein:');
    expect(() => link(root, targets)).toThrow(InvariantError);
  });

  it('leaves the unlinked machine as it was', () => {
    const before = JSON.stringify(hostile);

    link(hostile, targets);

    expect(JSON.stringify(hostile)).toBe(before);
  });

  it('refuses a machine that is linked already', () => {
    expect(() => link(link(hostile, targets), targets)).toThrow(InvariantError);
    expect(() => link(link(hostile, targets), targets)).toThrow(
      expect.objectContaining({
        code: 'machine_not_linkable',
        message:
          'A task of arn:aws:states:::lambda:invoke calls none of the functions and machines to link; is the machine linked already?',
      }),
    );
  });
});
