import { describe, expect, it } from 'vitest';
import { plan, type Plan } from '../../../core/plan/index.ts';
import { validDefinition } from '../../makers/valid-definition.ts';

const planOf = (tasks: string): Plan =>
  plan(
    validDefinition(`
workflow:
  name: small
  version: "1"
  timeout: 2h
  agents: { doer: { type: any_agent } }
  tasks: [${tasks}]
`),
  );
const taskOf = (tasks: string, id: string) => planOf(tasks).tasks.find((task) => task.id === id);

describe('a checkpoint in the plan', () => {
  it('stands between its task and all that depend on it, whatever they want of it', () => {
    const { tasks, edges } = planOf(
      `{ id: a, agent: doer, checkpoint_after: true },
       { id: b, agent: doer, depends_on: [a] },
       { id: c, agent: doer, depends_on: [{ task: a, on: failure }] }`,
    );

    expect(tasks.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
      ['a', []],
      ['a.checkpoint', [{ task: 'a', on: 'success' }]],
      ['b', [{ task: 'a.checkpoint', on: 'success' }]],
      ['c', [{ task: 'a.checkpoint', on: 'failure' }]],
    ]);
    expect(edges).toEqual([
      { from: 'a', to: 'a.checkpoint' },
      { from: 'a.checkpoint', to: 'b' },
      { from: 'a.checkpoint', to: 'c' },
    ]);
  });

  it('asks nobody unless its author says so', () => {
    expect(taskOf('{ id: a, agent: doer, checkpoint_after: true }', 'a.checkpoint')).toEqual({
      id: 'a.checkpoint',
      kind: 'checkpoint',
      of: 'a',
      dependsOn: [{ task: 'a', on: 'success' }],
      join: 'any_success',
      continueOnFailure: false,
    });
    expect(taskOf('{ id: a, agent: doer, checkpoint_after: {} }', 'a.checkpoint')).not.toHaveProperty('approve');
    expect(planOf('{ id: a, agent: doer, checkpoint_after: false }').members).toEqual(['a']);
  });

  it('asks those with a role and those with a name, for as long as the workflow lasts, and takes silence for a no', () => {
    const asked = (approve: string) =>
      taskOf(`{ id: a, agent: doer, checkpoint_after: { approve: ${approve} } }`, 'a.checkpoint');

    expect(asked('{ by: ["role:lead", bob], form: { type: object }, timeout: 1h, on_timeout: approve }')).toMatchObject(
      {
        approve: { roles: ['lead'], assignees: ['bob'], timeout: 3600, onTimeout: 'approve', form: { type: 'object' } },
      },
    );
    expect(asked('{}')).toMatchObject({ approve: { timeout: 7200, onTimeout: 'reject' } });
  });

  it('fails alone where its task does', () => {
    const planned = taskOf('{ id: a, agent: doer, continue_on_failure: true, checkpoint_after: true }', 'a.checkpoint');

    expect(planned).toMatchObject({ continueOnFailure: true });
  });

  it('belongs to the region of its task', () => {
    const { members, tasks } = planOf(
      `{ id: g, group: { tasks: [{ id: a, agent: doer, checkpoint_after: true }] }, checkpoint_after: true }`,
    );

    expect(members).toEqual(['g', 'g.checkpoint']);
    expect(tasks.find(({ id }) => id === 'a.checkpoint')).toMatchObject({ container: 'g' });
  });
});
