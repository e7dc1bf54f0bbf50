import { describe, expect, it } from 'vitest';
import { plan } from '../../../core/plan/index.ts';
import { findingsOn, withCode } from '../../makers/findings.ts';
import { validDefinition } from '../../makers/valid-definition.ts';

const findings = (task: object) =>
  withCode(
    findingsOn({ tasks: [{ id: 'a', timeout: 60, ...task }] }),
    'VAL208',
    'VAL209',
    'VAL218',
    'VAL219',
    'LINT906',
  );
const said = (task: object) => findings(task).map(({ code, path }) => `${code} ${path}`);

const harmless = { agent: 'worker', effect: 'none' };

describe('a cache', () => {
  it('is fine on a task that changes nothing, and is executed', () => {
    expect(said({ ...harmless, cache: { ttl: null } })).toEqual([]);
  });

  it('is advised against where it leaves out what the task does', () => {
    expect(said({ agent: 'worker', cache: { ttl: 60 } })).toEqual(['LINT906 workflow.tasks[0].cache']);
  });

  it.each(['item', 'index'])('has a key that may read the %s of a list', (name) => {
    const for_each = { items: [1, 2], max_items: 2 };
    const cache = { ttl: 60, key: `\${ ${name} }` };

    expect(said({ ...harmless, for_each, cache })).toEqual([]);
    expect(said({ ...harmless, cache })).toHaveLength(1);
  });

  it('has a key that may read the index of a fan-out', () => {
    expect(said({ ...harmless, parallel: true, cache: { ttl: 60, key: '${ index }' } })).toEqual([]);
  });

  it('means nothing on a task that calls no agent, and that is said with what to do', () => {
    const [finding, ...others] = findings({ wait: { seconds: 1 }, timeout: undefined, cache: { ttl: 60 } });

    expect(finding).toMatchObject({ code: 'VAL219', path: 'workflow.tasks[0].cache', hint: 'remove it' });
    expect(others).toEqual([]);
  });

  it('stands in the plan with its time in seconds', () => {
    const { tasks } = plan(
      validDefinition(`
workflow:
  name: cached
  version: "1"
  agents: { own: { type: linter } }
  tasks:
    - { id: first, agent: own, cache: { ttl: 10m, key: 'v2 \${ input.of }' } }
    - { id: second, agent: own, cache: { ttl: null } }
    - { id: third, agent: own }
`),
    );

    expect(tasks.map((task) => (task.kind === 'agent' ? task.cache : null))).toEqual([
      { ttl: 600, key: 'v2 ${ input.of }' },
      { ttl: null },
      undefined,
    ]);
  });
});
