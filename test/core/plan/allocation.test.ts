import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentType } from '../../../core/agents/index.ts';
import type { TaskDocument, WorkflowDocument } from '../../../core/definition/index.ts';
import { capacityOf, createAllocation, isCapable } from '../../../core/plan/allocation.ts';

type Agents = WorkflowDocument['agents'];

const linting: AgentType = { name: 'linting', runtime: 'local', module: '/lint.ts', capabilities: ['lint'] };
const agent = (keys: Partial<Agents[string]> = {}): Agents[string] => ({ type: 'any', capabilities: [], ...keys });
const requiring = (...requires: string[]): TaskDocument => ({ id: 'a', depends_on: [], requires });

function allocate(agents: Agents, tasks: readonly TaskDocument[]): string[] {
  const workflow: WorkflowDocument = {
    name: 'w',
    version: '1',
    tags: [],
    agents,
    retry_policies: {},
    tasks: [...tasks],
  };
  return tasks.map(createAllocation(workflow, { linting }));
}

describe('createAllocation', () => {
  it('takes the agent that a task names', () => {
    expect(allocate({ x: agent(), y: agent() }, [{ id: 'a', depends_on: [], agent: 'y' }])).toEqual(['y']);
  });

  it('takes an agent that can do all that a task requires, by itself or by its type', () => {
    const agents = { x: agent({ capabilities: ['read'] }), y: agent({ type: 'linting', capabilities: ['read'] }) };

    expect(allocate(agents, [requiring('lint', 'read')])).toEqual(['y']);
  });

  it('takes anybody for a task that requires nothing', () => {
    expect(allocate({ x: agent(), y: agent() }, [requiring(), { id: 'b', depends_on: [] }])).toEqual(['x', 'y']);
  });

  it('spreads tasks by capacity, the first agent first', () => {
    const capabilities = ['lint'];
    const agents = { x: agent({ capabilities }), y: agent({ capabilities, count: 2, max_concurrent_tasks: 2 }) };
    const tasks = Array.from({ length: 10 }, () => requiring('lint'));

    expect(allocate(agents, tasks)).toEqual(['y', 'y', 'y', 'x', 'y', 'y', 'y', 'y', 'x', 'y']);
  });

  it('counts the tasks that name an agent, too', () => {
    const capabilities = ['lint'];
    const agents = { x: agent({ capabilities }), y: agent({ capabilities }) };

    expect(allocate(agents, [{ id: 'a', depends_on: [], agent: 'x' }, requiring('lint')])).toEqual(['x', 'y']);
  });

  it('refuses a task that nobody can do, which validation should have found', () => {
    expect(() => allocate({ x: agent() }, [requiring('fly')])).toThrow(
      expect.objectContaining({ code: 'task_not_validated', message: 'No agent can do task a.' }),
    );
  });

  it('chooses as one who looks at all agents each time', () => {
    const capabilities = fc.subarray(['lint', 'read', 'write']);
    const agents = fc.array(fc.record({ capabilities, count: fc.integer({ min: 1, max: 4 }) }), { minLength: 1 });
    const wishes = fc.array(fc.oneof(capabilities, fc.nat(9)), { maxLength: 40 });
    fc.assert(
      fc.property(agents, wishes, (all, wanted) => {
        const named: Agents = Object.fromEntries(all.map((it, index) => [`a${index}`, agent(it)]));
        const tasks = wanted.map((wish): TaskDocument =>
          typeof wish === 'number' ? { id: 't', depends_on: [], agent: `a${wish % all.length}` } : requiring(...wish),
        );
        const possible = tasks.filter(({ requires = [] }) =>
          Object.values(named).some((it) => isCapable(it, undefined, requires)),
        );

        expect(allocate(named, possible)).toEqual(allocateSlowly(named, possible));
      }),
    );
  });
});

function allocateSlowly(agents: Agents, tasks: readonly TaskDocument[]): string[] {
  const given: string[] = [];
  const spare = (name: string): number =>
    capacityOf(agents[name]!) / (given.filter((other) => other === name).length + 1);
  for (const { agent: named, requires = [] } of tasks) {
    const able = Object.keys(agents).filter((name) => isCapable(agents[name]!, undefined, requires));
    const most = Math.max(...able.map(spare));
    given.push(named ?? able.find((name) => spare(name) === most)!);
  }
  return given;
}
