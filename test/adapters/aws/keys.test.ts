import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeys, startedKey } from '../../../adapters/aws/keys.ts';
import { tableDefinition } from '../../../adapters/aws/index.ts';
import { executionId, taskPath } from '../../../core/ids/index.ts';

const anId = executionId('exec_1');

/** Names that try to be separators, escapes, and parts of other keys. */
const name = fc.oneof(fc.string(), fc.stringMatching(/^[#%23TEXSK5]*$/));

/** Every key that is made from two names and a tenant. */
function keysFrom(tenant: string, a: string, b: string): readonly { pk: string; sk: string }[] {
  const keys = createKeys(tenant);
  const [execution, producer, consumer] = [executionId(a), taskPath(a), taskPath(b)];
  return [
    keys.execution(execution),
    keys.view(execution),
    keys.task(execution, consumer),
    keys.limit(execution, b),
    keys.control(`breaker/x${a}x`),
    keys.event({ execution, path: consumer, n: 1 }),
    keys.watch({ execution: anId, producer, consumer }),
    keys.open(execution),
    keys.parked({ key: a, execution: anId, path: consumer, arrival: 1 }),
    keys.busEventId(a),
    keys.busEvent({ type: a, id: b, time: 1 }),
    keys.version(a, b),
    keys.machines(a, b),
    keys.agentType(a),
    keys.apiKey(a),
    keys.idempotentRequest(a),
  ];
}

const textOf = ({ pk, sk }: { pk: string; sk: string }): string => JSON.stringify([pk, sk]);

describe('createKeys', () => {
  it('gives no two tenants a partition in common, whatever they and their things are called', () => {
    fc.assert(
      fc.property(name, name, name, name, (tenant, other, a, b) => {
        fc.pre(tenant !== other);
        const partitions = new Set(keysFrom(tenant, a, b).map(({ pk }) => pk));

        for (const { pk } of [...keysFrom(other, a, b), ...keysFrom(other, b, a)]) expect(partitions).not.toContain(pk);
        for (const pk of partitions) expect(pk.startsWith(`${createKeys(tenant).byStart()}#`)).toBe(true);
      }),
    );
  });

  it('gives different things different keys, whatever they are called', () => {
    fc.assert(
      fc.property(name, name, name, name, (a, b, c, d) => {
        fc.pre(a !== c && b !== d && a !== d && b !== c);
        const first = keysFrom('t', a, b).map(textOf);

        expect(new Set(first).size).toBe(first.length);
        for (const key of keysFrom('t', c, d).map(textOf)) expect(first).not.toContain(key);
      }),
    );
  });

  it('begins the keys of an execution’s tasks, events and watches with what lists them, and no others', () => {
    const keys = createKeys('t');
    const watch = keys.watch({ execution: anId, producer: taskPath('lint'), consumer: taskPath('a') });
    const longer = keys.watch({ execution: anId, producer: taskPath('lint2'), consumer: taskPath('a') });

    expect(keys.task(anId, taskPath('a')).sk.startsWith(keys.tasks(anId).sk)).toBe(true);
    expect(keys.event({ execution: anId, path: '', n: 1 }).sk.startsWith(keys.events(anId).sk)).toBe(true);
    expect(watch.sk.startsWith(keys.watches(anId, taskPath('lint')).sk)).toBe(true);
    expect(longer.sk.startsWith(keys.watches(anId, taskPath('lint')).sk)).toBe(false);
    expect(keys.control('breaker/lint')).toMatchObject({ pk: keys.controls('breaker').pk });
    expect(keys.control('breaker/lint/1').pk).not.toBe(keys.controls('breaker').pk);
    expect(keys.version('review', '1').sk.startsWith(keys.versions('review').sk)).toBe(true);
    expect(keys.version('review2', '1').sk.startsWith(keys.versions('review').sk)).toBe(false);
    expect(keys.machines('review', '1').sk.startsWith(keys.versions().sk)).toBe(false);
  });

  it('spreads open executions over the partitions that list them', () => {
    const keys = createKeys('t');
    const ids = Array.from({ length: 200 }, (_, index) => executionId(`exec_${index}`));

    const used = new Set(ids.map((id) => keys.open(id).pk));

    expect([...used].toSorted()).toEqual(keys.openShards().map(({ pk }) => pk));
  });
});

describe('startedKey', () => {
  it('sorts as times do, fractions and times before 1970 included', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
        fc.pre(a < b);

        expect(startedKey({ startedAt: a, execution: 'z' }) < startedKey({ startedAt: b, execution: 'a' })).toBe(true);
      }),
    );
  });
});

describe('tableDefinition', () => {
  it('has an index for each attribute that the keys of a view bring, and no others', () => {
    const { startedKey: _sort, ...partitions } = createKeys('t').index({
      execution: anId,
      status: 'running',
      workflow: 'review',
      startedAt: 1,
    });

    expect(tableDefinition.indexes.map(({ partitionKey }) => partitionKey).toSorted()).toEqual(
      Object.keys(partitions).toSorted(),
    );
  });
});
