import { describe, expect, it } from 'vitest';
import { amongPublished, compileParsed, compileText, findChildren, parseText } from '../../compiler/index.ts';
import type { AgentCatalogue, AgentType } from '../../core/agents/index.ts';
import type { KnownWorkflow } from '../../core/validation/index.ts';

const linter: AgentType = { name: 'linter', runtime: 'http', url: 'https://agents.example', capabilities: [] };
const robot: AgentType = { name: 'robot', runtime: 'ecs', capabilities: [] };
const catalogue: AgentCatalogue = new Map([linter, robot].map((type) => [type.name, type]));

const definition = (tasks: string, more = ''): { name: string; text: string } => ({
  name: 'review.yaml',
  text: `workflow:
  name: review
  version: "1"
  owner: { agent: us, contact: nobody }
  timeout: 1h
  agents: { linter: { type: linter } }${more}
  tasks:
${tasks}`,
});

const lint = '    - { id: lint, agent: linter, timeout: 60 }\n';
const deploy = '    - { id: deploy, workflow: { name: deploy }, depends_on: [lint] }\n';

describe('compileText', () => {
  it('gives the plan and its machine, with what is known of them', () => {
    const { text, isValid, compiled } = compileText(definition(lint), { catalogue, forRun: true });

    expect([isValid, text.diagnostics]).toEqual([true, []]);
    expect(compiled).toMatchObject({
      plan: { workflow: { name: 'review', version: '1' }, tasks: [{ id: 'lint' }] },
      machine: { StartAt: 'begin' },
      parts: [],
      agentTypes: { linter },
      transitions: { best: expect.any(Number) as number },
    });
    expect(compiled?.source.rangeOf(['workflow', 'name'])).toMatchObject({ line: 2 });
    expect(compiled?.figures.map(({ name }) => name)).toContain('definition');
  });

  it.each(['', 'workflow: 7', 'workflow:\n  name: [', '\u0000', '- 1'])(
    'finds what is wrong with %j, and throws nothing',
    (text) => {
      const { isValid, compiled, text: examined } = compileText({ name: 'a.yaml', text }, { catalogue, forRun: true });

      expect([isValid, compiled]).toEqual([false, undefined]);
      expect(examined.diagnostics.length).toBeGreaterThan(0);
    },
  );

  it('takes what nothing executes for an error only where it is to run', () => {
    const source = definition('    - { id: run, agent: robot }\n', '\n  coordination: { type: hybrid }').text.replace(
      'linter: { type: linter }',
      'robot: { type: robot }',
    );
    const severities = (forRun: boolean, runtimes?: AgentType['runtime'][]) =>
      compileText({ name: 'a', text: source }, { catalogue, forRun, ...(runtimes && { runtimes }) })
        .text.diagnostics.filter(({ code }) => code === 'VAL218')
        .map(({ severity }) => severity);

    expect(severities(false)).toEqual(['warning', 'warning']);
    expect(severities(true)).toEqual(['error', 'error']);
    expect(severities(true, ['ecs'])).toEqual(['error']);
  });

  it('plans with the versions that its children have', () => {
    const children = { find: (name: string) => ({ name, version: '7', calls: [] }) };

    const { compiled } = compileText(definition(lint + deploy), { catalogue, children, forRun: true });

    expect(compiled?.plan.tasks).toMatchObject([{ id: 'lint' }, { workflow: { name: 'deploy', version: '7' } }]);
  });

  it('does the same for a text that was parsed before', () => {
    const source = definition(lint);

    const parsed = parseText(source);

    expect(parsed.calls).toEqual([]);
    expect(compileParsed(parsed, { catalogue, forRun: true }).compiled?.plan).toEqual(
      compileText(source, { catalogue, forRun: true }).compiled?.plan,
    );
  });
});

describe('findChildren', () => {
  const workflows = new Map<string, KnownWorkflow>(
    [
      { name: 'a', version: '1', calls: [{ name: 'b' }, { name: 'c', version: '2' }] },
      { name: 'b', version: '3', calls: [{ name: 'a' }] },
    ].map((workflow) => [workflow.name, workflow]),
  );
  const asked: string[] = [];
  const lookup = {
    find: async ({ name }: { name: string }) => {
      asked.push(name);
      return workflows.get(name);
    },
    names: async () => [...workflows.keys()],
  };

  it('finds all that are started, however indirectly, each once', async () => {
    asked.length = 0;

    const found = await findChildren([{ name: 'a' }], lookup);

    expect([found.find('a')?.version, found.find('b')?.version, found.find('c', '2')]).toEqual(['1', '3', undefined]);
    expect(asked.toSorted()).toEqual(['a', 'b', 'c']);
    expect([...(found.names?.() ?? [])]).toEqual(['a', 'b']);
  });

  it('asks for names only when one was not found', async () => {
    const silent = { ...lookup, names: () => Promise.reject(new Error('asked')) };
    const known = { find: async () => ({ name: 'x', version: '1', calls: [] }), names: silent.names };

    expect((await findChildren([{ name: 'x' }], known)).names?.()).toEqual([]);
    await expect(findChildren([{ name: 'nobody' }], silent)).rejects.toThrow('asked');
  });

  it('finds calls in groups and loops', () => {
    const text = definition(
      `    - id: rounds
      loop:
        max_iterations: 2
        tasks:
          - { id: both, group: { tasks: [{ id: inner, workflow: { name: deploy, version: "2" } }] } }
`,
    );

    expect(parseText(text).calls).toEqual([{ name: 'deploy', version: '2' }]);
  });
});

describe('amongPublished', () => {
  it('tells what a published workflow takes and starts', async () => {
    const { compiled } = compileText(definition(lint + deploy, '\n  input: { type: object }'), {
      catalogue,
      children: { find: (name) => ({ name, version: '7', calls: [] }) },
      forRun: true,
    });
    // What amongPublished reads of a published workflow.
    const stored = { plan: compiled?.plan, version: '1' } as never;
    const published = { find: async (name: string) => (name === 'review' ? stored : undefined), names: async () => [] };

    const lookup = amongPublished(published);

    expect(await lookup.find({ name: 'review' })).toEqual({
      name: 'review',
      version: '1',
      input: { type: 'object' },
      calls: [{ name: 'deploy', version: '7' }],
    });
    expect(await lookup.find({ name: 'other' })).toBeUndefined();
  });
});
