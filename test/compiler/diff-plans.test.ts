import { describe, expect, it } from 'vitest';
import { compileText, diffPlans } from '../../compiler/index.ts';
import type { AgentType } from '../../core/agents/index.ts';
import type { Plan } from '../../core/plan/index.ts';

const person: AgentType = { name: 'person', runtime: 'human', capabilities: [] };

function planOf(change: object = {}): Plan {
  const workflow = {
    name: 'review',
    version: '1',
    agents: { ann: { type: 'person' }, bob: { type: 'person', count: 2 } },
    tasks: [
      { id: 'draft', agent: 'ann' },
      { id: 'rounds', loop: { max_iterations: 2, tasks: [{ id: 'judge', agent: 'bob' }] }, depends_on: ['draft'] },
    ],
    ...change,
  };
  const source = { name: 'a', text: JSON.stringify({ workflow }) };
  const { compiled, text } = compileText(source, { catalogue: new Map([['person', person]]), forRun: true });
  if (!compiled) throw new Error(JSON.stringify(text.diagnostics));
  return compiled.plan;
}

const nothing = { added: [], removed: [], changed: [] };

describe('diffPlans', () => {
  it('finds nothing between plans that do the same, whatever they are called', () => {
    const renamed = planOf({ version: '2', description: 'Better.', tags: ['new'] });

    expect(diffPlans(planOf(), renamed)).toEqual({ identical: true, tasks: nothing, agents: nothing, settings: [] });
  });

  it('names tasks that came, went, and say something else', () => {
    const tasks = [
      { id: 'draft', agent: 'ann', timeout: 7, input: { a: 1 } },
      { id: 'send', emit: { event: 'sent' } },
    ];

    expect(diffPlans(planOf(), planOf({ tasks }))).toMatchObject({
      identical: false,
      tasks: {
        added: ['send'],
        removed: ['rounds', 'judge'],
        changed: [{ name: 'draft', keys: ['timeout', 'input'] }],
      },
    });
  });

  it('tells a change of a member from one of its container', () => {
    const loop = (members: object[], max_iterations = 2) => ({
      tasks: [
        { id: 'draft', agent: 'ann' },
        { id: 'rounds', loop: { max_iterations, tasks: members }, depends_on: ['draft'] },
      ],
    });
    const changedBy = (change: object) => diffPlans(planOf(), planOf(change)).tasks.changed;

    expect(changedBy(loop([{ id: 'judge', agent: 'bob', timeout: 9 }]))).toEqual([
      { name: 'judge', keys: ['timeout'] },
    ]);
    expect(changedBy(loop([{ id: 'judge', agent: 'bob' }], 3))).toEqual([{ name: 'rounds', keys: ['maxIterations'] }]);
    expect(
      changedBy(
        loop([
          { id: 'judge', agent: 'bob' },
          { id: 'next', agent: 'bob' },
        ]),
      ),
    ).toEqual([{ name: 'rounds', keys: ['members'] }]);
  });

  it('names agents and settings', () => {
    const change = {
      agents: { ann: { type: 'person', count: 3 }, bob: { type: 'person', count: 2 }, eve: { type: 'person' } },
      output: 1,
      on_skip: 'propagates',
    };

    expect(diffPlans(planOf(), planOf(change))).toEqual({
      identical: false,
      tasks: nothing,
      agents: { added: ['eve'], removed: [], changed: [{ name: 'ann', keys: ['count'] }] },
      settings: ['output', 'onSkip'],
    });
  });
});
