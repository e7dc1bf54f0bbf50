import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AgentCatalogue, AgentType } from '../../../core/agents/index.ts';
import { parseDefinition, workflowJsonSchema, type Definition } from '../../../core/definition/index.ts';
import type { Diagnostic } from '../../../core/diagnostics/index.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json/index.ts';
import { validate } from '../../../core/validation/index.ts';
import { goldenFile } from '../../makers/golden.ts';

const types: readonly AgentType[] = [
  { name: 'worker', runtime: 'local', module: '/worker.ts', capabilities: [] },
  { name: 'other', runtime: 'http', url: 'http://127.0.0.1:1', capabilities: [] },
];
const catalogue: AgentCatalogue = new Map(types.map((type) => [type.name, type]));

function parsed(text: string): Definition {
  const { definition, diagnostics } = parseDefinition({ name: 'a.yaml', text });
  if (!definition) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return definition;
}

const check = (text: string, forRun = false): ReturnType<typeof validate> =>
  validate(parsed(text), { catalogue, forRun });

/** A workflow whose tasks depend on the given positions. */
function wired(dependencies: readonly (readonly number[])[], task: (index: number) => object = () => ({})): string {
  const tasks = dependencies.map((from, index) => ({
    id: `t${index}`,
    agent: 'worker',
    depends_on: from.map((at) => `t${at}`),
    ...task(index),
  }));
  return JSON.stringify({ workflow: { name: 'w', version: '1', agents: { worker: { type: 'worker' } }, tasks } });
}

const withCode = (diagnostics: readonly Diagnostic[], code: string): readonly Diagnostic[] =>
  diagnostics.filter((finding) => finding.code === code);

const small = `
workflow:
  name: w
  version: "1"
  agents: { worker: { type: worker } }
  tasks: [{ id: a, agent: worker, timeout: 60 }]
`;

describe('validate', () => {
  it('hands on the definition with the agent types that it uses', () => {
    const definition = parsed(small);

    const { valid } = validate(definition, { catalogue, forRun: true });

    expect(valid?.definition).toBe(definition);
    expect(valid?.agentTypes).toEqual({ worker: types[0] });
    expect(valid?.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('gives equal content an equal digest, however it is written', () => {
    const rewritten = `# the same\n{ "workflow": { tasks: [{ timeout: 1m, agent: worker, id: a, depends_on: [] }], version: '1',\n agents: { worker: { type: worker } }, name: w } }`;

    expect(check(rewritten).valid?.digest).toBe(check(small).valid?.digest);
  });

  it('gives other content, and other agent types, another digest', () => {
    const moved = new Map([['worker', { ...types[0]!, capabilities: ['more'] }]]);
    const digests = [
      check(small).valid?.digest,
      check(small.replace('60', '61')).valid?.digest,
      validate(parsed(small), { catalogue: moved, forRun: false }).valid?.digest,
    ];

    expect(new Set(digests).size).toBe(3);
  });

  it('gives an agent another digest for another address, and not for a checkout elsewhere', () => {
    const digestWith = (type: AgentType) =>
      validate(parsed(small), { catalogue: new Map([['worker', type]]), forRun: false }).valid?.digest;
    const local = (module: string) => digestWith({ name: 'worker', runtime: 'local', module, capabilities: [] });
    const http = (url: string) => digestWith({ name: 'worker', runtime: 'http', url, capabilities: [] });

    expect(local('/here/worker.ts')).toBe(local('/there/worker.ts'));
    expect(http('http://127.0.0.1:1')).not.toBe(http('http://127.0.0.1:2'));
  });

  it('changes nothing of what it is given', () => {
    const definition = parsed(small);
    const before = structuredClone(definition.workflow);

    validate(definition, { catalogue, forRun: true });

    expect(definition.workflow).toEqual(before);
  });

  it('refuses for a run what it only warns about in a check', () => {
    const text = small.replace('version', 'coordination: { type: graph }\n  version');

    expect(check(text).valid).toBeDefined();
    expect(withCode(check(text).diagnostics, 'VAL218')).toMatchObject([{ severity: 'warning' }]);
    expect(withCode(check(text, true).diagnostics, 'VAL218')).toMatchObject([{ severity: 'error' }]);
    expect(check(text, true).valid).toBeUndefined();
  });

  it('hands on a definition of whatever kind of task, as soon as nothing is an error', () => {
    const waiting = small.replace('agent: worker, timeout: 60', 'wait: { seconds: 5 }');

    expect(check(waiting).valid?.definition.workflow.tasks).toMatchObject([{ wait: { seconds: 5 } }]);
  });

  it('names every key that the schema has and this version does not execute, once', () => {
    const executed =
      `name version description owner tags input output timeout on_skip agents tasks retry_policies concurrency fault_tolerance
      defaults max_retries retry_delay max_retry_delay exponential_backoff
      budget budget.usd budget.tokens budget.calls budget.wall_time budget.depth budget.on_exceeded concurrency.max_parallel fault_tolerance.grace fault_tolerance.circuit_breaker agents.circuit_breaker agents.type agents.count agents.capabilities agents.resources
      tasks.id tasks.description tasks.agent tasks.depends_on tasks.join tasks.when tasks.input tasks.output tasks.timeout tasks.heartbeat
      tasks.retry_policy tasks.parallel tasks.continue_on_failure tasks.allow_skip tasks.idempotent tasks.requires tasks.wait tasks.workflow tasks.emit
      tasks.loop tasks.group tasks.for_each tasks.priority tasks.queue_timeout tasks.cache tasks.checkpoint_after
      tasks.compensate tasks.compensate_on_failure tasks.pivot fault_tolerance.saga_pattern
      concurrency.max_executions concurrency.on_limit concurrency.key
      resource_pools agents.pool agents.max_concurrent_tasks agents.rate_limit`.split(/\s+/);
    const text = readFileSync(
      goldenFile('diagnostics', 'everything that is known and not executed', 'definition.yaml'),
      'utf8',
    );

    const named = withCode(check(text).diagnostics, 'VAL218').map(({ path }) =>
      path
        .replace('workflow.', '')
        .replace('.worker.', '.')
        .replace(/\[\d+\]/, ''),
    );

    expect(named.toSorted()).toEqual(
      schemaKeys()
        .filter((key) => !executed.includes(key))
        .toSorted(),
    );
  });

  it('finds a cycle exactly when there is one, and shows one that exists', () => {
    fc.assert(
      fc.property(graphs, (dependencies) => {
        const cycles = withCode(check(wired(dependencies)).diagnostics, 'VAL203');

        expect(cycles.length > 0).toBe(dependencies.some((_, task) => reaches(dependencies, task, task)));
        for (const { message } of cycles) {
          const names = message
            .replace(/^.*: |\.$/g, '')
            .split(' → ')
            .map((id) => Number(id.slice(1)));
          expect(names.at(-1)).toBe(names[0]);
          names.slice(1).forEach((task, index) => expect(dependencies[task]).toContain(names[index]));
        }
      }),
    );
  });

  it('lets an expression read exactly the tasks that are upstream', () => {
    const acyclic = graphs.map((all) => all.map((from, task) => from.filter((at) => at < task)));
    fc.assert(
      fc.property(acyclic, fc.nat(11), fc.nat(11), (dependencies, reader, read) => {
        fc.pre(reader < dependencies.length && read < dependencies.length);
        const text = wired(dependencies, (index) => (index === reader ? { input: `\${ tasks.t${read}.output }` } : {}));

        const findings = withCode(check(text).diagnostics, 'VAL209');

        expect(findings.length === 0).toBe(reaches(dependencies, reader, read));
      }),
    );
  });

  it('answers whatever still parses after a slip, and twice with the same', () => {
    const text = readFileSync(
      goldenFile('diagnostics', 'an expression names a task that is not upstream', 'definition.yaml'),
      'utf8',
    );
    const pieces = fc.constantFrom('', 'a', 'b', 'tasks', '.output', '${', '}', '"', '[a, b]', 'depends_on', '5', ' ');
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(10), pieces, (at, length, put) => {
        const { definition } = parseDefinition({
          name: 'a.yaml',
          text: text.slice(0, at) + put + text.slice(at + length),
        });
        if (!definition) return;

        const { valid, diagnostics } = validate(definition, { catalogue, forRun: true });

        expect(validate(definition, { catalogue, forRun: true })).toEqual({ ...(valid && { valid }), diagnostics });
        if (valid) expect(diagnostics.every(({ severity }) => severity !== 'error')).toBe(true);
        for (const { range } of diagnostics) expect(range).toBeDefined();
      }),
      { numRuns: 300 },
    );
  });

  it('checks 10,000 tasks in good time, in a chain, in a cycle, and each reading the first', () => {
    const chain = Array.from({ length: 10_000 }, (_, index) => (index === 0 ? [] : [index - 1]));
    const circle = chain.with(0, [9_999]);

    expect(check(wired(chain, (index) => (index === 0 ? {} : { input: '${tasks.t0.output}' }))).valid).toBeDefined();
    const [cycle, ...others] = withCode(check(wired(circle)).diagnostics, 'VAL203');
    expect(cycle?.message).toMatch(/t0 → t1 → .* → \(9951 more\) → .* → t9999 → t0\.$/);
    expect(others).toEqual([]);
  }, 60_000);

  it('stops making findings that nobody would read', () => {
    const strangers = Array.from({ length: 1_000 }, () => []);
    const text = wired(strangers, () => ({ depends_on: Array.from({ length: 20 }, (_, n) => `stranger${n}`) }));

    expect(withCode(check(text).diagnostics, 'VAL202')).toHaveLength(200);
    expect(withCode(check(text).diagnostics, 'DEF199')).toHaveLength(1);
  });
});

/** Of up to 12 tasks: the positions that each depends on. */
const graphs = fc
  .integer({ min: 1, max: 12 })
  .chain((size) => fc.array(fc.uniqueArray(fc.nat(size - 1), { maxLength: 3 }), { minLength: size, maxLength: size }))
  .map((all) => all.map((from, task) => from.filter((at) => at !== task)));

function reaches(
  dependencies: readonly (readonly number[])[],
  from: number,
  to: number,
  seen = new Set<number>(),
): boolean {
  return (dependencies[from] ?? []).some((next) => {
    if (next === to) return true;
    if (seen.has(next)) return false;
    seen.add(next);
    return reaches(dependencies, next, to, seen);
  });
}

/** `timeout`, `tasks.timeout`, `agents.type`, `concurrency.max_parallel`, … as editors know them. */
function schemaKeys(): string[] {
  const schema = workflowJsonSchema();
  const definitions = isJsonObject(schema['$defs']) ? schema['$defs'] : {};
  const follow = (node: Json | undefined): JsonObject => {
    if (!isJsonObject(node)) return {};
    const reference = node['$ref'];
    return typeof reference === 'string' ? follow(definitions[reference.replace('#/$defs/', '')]) : node;
  };
  const keysOf = (node: JsonObject): JsonObject => follow(node['properties']);
  const workflow = keysOf(follow(keysOf(schema)['workflow']));
  const inside: Record<string, JsonObject> = {
    budget: follow(workflow['budget']),
    concurrency: follow(workflow['concurrency']),
    fault_tolerance: follow(workflow['fault_tolerance']),
    agents: follow(follow(workflow['agents'])['additionalProperties']),
    tasks: follow(follow(workflow['tasks'])['items']),
  };
  const nested = Object.entries(inside).flatMap(([key, node]) =>
    Object.keys(keysOf(node)).map((name) => `${key}.${name}`),
  );
  return [...Object.keys(workflow), ...nested];
}
