import { describe, expect, it } from 'vitest';
import { findingsOn, withCode } from '../../makers/findings.ts';

const agentTask = (more: object = {}, id = 'a'): object => ({ id, agent: 'worker', ...more });

const messages = (keys: object, code: string): readonly string[] =>
  withCode(findingsOn(keys), code).map(({ message }) => message);

describe('advice', () => {
  it.each([
    { count: 1, says: 'A task has no `timeout` of its own: `t0`.' },
    { count: 5, says: 'Tasks have no `timeout` of their own: `t0`, `t1`, `t2`, `t3`, `t4`.' },
    { count: 6, says: 'Tasks have no `timeout` of their own: `t0`, `t1`, `t2`, `t3`, `t4` and 1 more.' },
  ])('names the first five of $count tasks without a timeout', ({ count, says }) => {
    const tasks = Array.from({ length: count }, (_, at) => agentTask({}, `t${at}`));

    expect(messages({ timeout: 60, tasks }, 'LINT902')).toEqual([says]);
  });

  it.each([
    { retry_policy: 'fixed' },
    { retry_policy: 'own' },
    { retry_policy: { max_attempts: 2 } },
    { retry_policy: 'own', effect: 'write' },
  ])('warns of a retry that repeats what the agent does: %j', (more) => {
    const keys = { retry_policies: { own: { max_attempts: 3 } }, tasks: [agentTask(more)] };

    expect(messages(keys, 'LINT903')).toEqual(['`a` is retried, and is not declared `idempotent`.']);
  });

  it.each([
    {},
    { retry_policy: 'none' },
    { retry_policy: 'once' },
    { retry_policy: { max_attempts: 1 } },
    { retry_policy: 'fixed', idempotent: true },
    { retry_policy: 'fixed', effect: 'none' },
  ])('says nothing of retries that repeat nothing: %j', (more) => {
    const keys = { retry_policies: { once: { max_attempts: 1 } }, tasks: [agentTask(more)] };

    expect(messages(keys, 'LINT903')).toEqual([]);
  });
});
