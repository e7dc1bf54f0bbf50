import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plan } from '../../core/plan/index.ts';
import { link, lower, structuralFaults } from '../../statemachines/index.ts';
import { aslErrors } from '../makers/asl-validator.ts';
import { expectGolden, goldenCases, goldenFile } from '../makers/golden.ts';
import { validDefinition } from '../makers/valid-definition.ts';

const targets = {
  begin: 'arn:aws:lambda:eu-central-1:123456789012:function:begin-execution',
  dispatch: 'arn:aws:lambda:eu-central-1:123456789012:function:dispatch-task',
  conclude: 'arn:aws:lambda:eu-central-1:123456789012:function:conclude-execution',
  tenant: 'tenant-1',
};

const printed = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

describe('plan and lower', () => {
  it.each(goldenCases('compile'))('compile as before: %s', (name) => {
    const definition = validDefinition(readFileSync(goldenFile('compile', name, 'definition.yaml'), 'utf8'));

    const planned = plan(definition);
    const machine = lower(planned);

    expectGolden(goldenFile('compile', name, 'plan.json'), printed(planned));
    expectGolden(goldenFile('compile', name, 'machine.asl.json'), printed(machine));
  });

  it.each(goldenCases('compile'))('compile to what asl-validator accepts: %s', (name) => {
    const planned = plan(validDefinition(readFileSync(goldenFile('compile', name, 'definition.yaml'), 'utf8')));
    const { name: workflow, version } = planned.workflow;

    const linked = link(lower(planned), { ...targets, workflow, version });

    expect(structuralFaults(linked)).toEqual([]);
    expect(aslErrors(linked)).toEqual([]);
  });
});
