import { describe, expect, it } from 'vitest';
import { compileText, workflowPermissions } from '../../compiler/index.ts';
import { isAllowed, rolesOf } from '../makers/policy-simulator.ts';
import { place } from '../makers/resolve-template.ts';
import { synthesize } from '../makers/synthesized.ts';

const { account, region } = place;
const arn = (service: string, rest: string): string => `arn:aws:${service}:${region}:${account}:${rest}`;
/** What a plan calls by a name is this in a stage. */
const inStage: Readonly<Record<string, string>> = {
  'function:begin': arn('lambda', 'function:skein-prod-begin'),
  'function:dispatch': arn('lambda', 'function:skein-prod-dispatch-task'),
  'function:conclude': arn('lambda', 'function:skein-prod-conclude'),
  'stateMachine:parts': arn('states', 'stateMachine:skein-prod-large-1-0a1b2c3d'),
  'execution:parts': arn('states', 'execution:skein-prod-large-1-0a1b2c3d:exec_1'),
  'rule:StepFunctionsGetEventsForStepFunctionsExecutionRule': arn(
    'events',
    'rule/StepFunctionsGetEventsForStepFunctionsExecutionRule',
  ),
};

describe('the role of machines', () => {
  it('allows what the compiler says that machines do', () => {
    const role = [...rolesOf(synthesize('prod', { env: place }))].find(([name]) =>
      name.includes('CompilerMachineRole'),
    )?.[1];
    const tasks = Array.from({ length: 4_000 }, (_, index) => ({ id: `t${index}`, wait: { seconds: 1 } }));
    const text = JSON.stringify({ workflow: { name: 'large', version: '1', tasks } });
    const { compiled } = compileText({ name: 'large', text }, { catalogue: new Map(), forRun: true });

    const { machine } = compiled ? workflowPermissions(compiled) : { machine: [] };

    expect(machine.length).toBeGreaterThan(3);
    const refused = machine.filter(
      ({ action, resource }) => !role || !isAllowed(role, { action, resource: inStage[resource] ?? resource }),
    );
    expect(refused).toEqual([]);
  });
});
