import { describe, expect, it } from 'vitest';
import { compileText, workflowPermissions } from '../../compiler/index.ts';
import type { AgentType } from '../../core/agents/index.ts';

const agentTypes: readonly AgentType[] = [
  { name: 'linter', runtime: 'lambda', functionArn: 'arn:aws:lambda:r:1:function:lint', capabilities: [] },
  { name: 'other', runtime: 'lambda', functionArn: 'scan', roleArn: 'arn:aws:iam::1:role/theirs', capabilities: [] },
  { name: 'lead', runtime: 'human', capabilities: [] },
];

function permissionsOf(tasks: readonly object[]) {
  const agents = Object.fromEntries(agentTypes.map(({ name }) => [name, { type: name }]));
  const { compiled } = compileText(
    { name: 'w', text: JSON.stringify({ workflow: { name: 'w', version: '1', agents, tasks } }) },
    {
      catalogue: new Map(agentTypes.map((type) => [type.name, type])),
      forRun: false,
      runtimes: ['lambda', 'human'],
    },
  );
  if (!compiled) throw new Error('it compiles');
  return { ...workflowPermissions(compiled), parts: compiled.parts.length };
}

describe('workflowPermissions', () => {
  it('are those of the functions that machines call, and of the agents that are functions', () => {
    const { machine, agents } = permissionsOf(agentTypes.map(({ name }) => ({ id: name, agent: name })));

    expect(machine.map(({ action, resource }) => `${action} ${resource}`).sort()).toEqual([
      'lambda:InvokeFunction function:begin',
      'lambda:InvokeFunction function:conclude',
      'lambda:InvokeFunction function:dispatch',
    ]);
    expect(agents).toEqual([
      { agentType: 'linter', action: 'lambda:InvokeFunction', resource: 'arn:aws:lambda:r:1:function:lint' },
      { agentType: 'other', action: 'lambda:InvokeFunction', resource: 'scan', role: 'arn:aws:iam::1:role/theirs' },
    ]);
  });

  it('are also those to start, watch and stop machines where one does not hold everything', () => {
    const ids = Array.from({ length: 4_000 }, (_, index) => `t${index}`);
    const { machine, parts } = permissionsOf(ids.map((id) => ({ id, agent: 'linter' })));

    expect(parts).toBeGreaterThan(0);
    expect(machine.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['states:StartExecution', 'states:DescribeExecution', 'events:PutRule']),
    );
  });
});
