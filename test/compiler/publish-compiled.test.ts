import { describe, expect, it } from 'vitest';
import { createMemoryDefinitionStore } from '../../adapters/embedded/index.ts';
import {
  compileText,
  publishCompiled,
  publishedVersion,
  withChildVersions,
  type MeasuredWorkflow,
  type Publishing,
} from '../../compiler/index.ts';

const publishing: Publishing = {
  tenant: 'acme',
  now: 1_000,
  functions: { begin: 'arn:begin', dispatch: 'arn:dispatch', conclude: 'arn:conclude' },
  partName: ({ name, version, digest }, number) => `arn:${name}:${version}:${digest.slice(0, 4)}:${number}`,
};

function compile(name: string, tasks: string, childVersion = '1'): MeasuredWorkflow {
  const text = `workflow: { name: ${name}, version: "1", tasks: [${tasks}] }`;
  const children = { find: (child: string) => ({ name: child, version: childVersion, calls: [] }) };
  const { compiled, text: examined } = compileText({ name, text }, { catalogue: new Map(), children, forRun: true });
  if (!compiled) throw new Error(JSON.stringify(examined.diagnostics));
  return compiled;
}

const rest = '{ id: rest, wait: { seconds: 1 } }';
const start = '{ id: start, workflow: { name: child } }';

describe('publishedVersion', () => {
  it('links the machine to the functions, the tenant and the version', () => {
    const published = publishedVersion(compile('nap', rest), publishing);

    const machine = JSON.stringify(published.machine);
    expect(published).toMatchObject({ name: 'nap', version: '1', publishedAt: 1_000, agentTypes: {} });
    expect(published).not.toHaveProperty('parts');
    for (const text of ['arn:begin', 'arn:dispatch', 'arn:conclude', '"acme"', '"nap"'])
      expect(machine).toContain(text);
    expect(machine).not.toContain('skein:');
  });

  it('names the machines of parts by the version and what it holds', () => {
    const tasks = Array.from({ length: 1_500 }, (_, at) => `{ id: t${at}, wait: { seconds: 1 } }`).join(',');
    const compiled = compile('large', tasks);

    const published = publishedVersion(compiled, publishing, '1+draft');

    expect(compiled.parts.length).toBeGreaterThan(0);
    expect(published.parts).toHaveLength(compiled.parts.length);
    expect(JSON.stringify(published.machine)).toContain(`arn:large:1+draft:${published.digest.slice(0, 4)}:0`);
  });

  it('takes agents and the versions of children for content', () => {
    const [one, other] = [compile('parent', start, '1'), compile('parent', start, '2')];
    const digestOf = (compiled: MeasuredWorkflow) => publishedVersion(compiled, publishing).digest;
    const moved = {
      ...one,
      agentTypes: { a: { name: 'a', runtime: 'local', module: '/b.ts', capabilities: [] } as const },
    };

    expect(digestOf(one)).toBe(digestOf(compile('parent', start, '1')));
    expect(new Set([digestOf(one), digestOf(other), digestOf(moved)]).size).toBe(3);
  });
});

describe('publishCompiled', () => {
  it('publishes children first, and says whether the content is new', async () => {
    const definitions = createMemoryDefinitionStore();
    const order: string[] = [];
    const watched = {
      find: (name: string, version: string) => definitions.find(name, version),
      publish: (workflow: Parameters<typeof definitions.publish>[0]) => {
        order.push(workflow.name);
        return definitions.publish(workflow);
      },
    };
    const parent = { ...compile('parent', start), children: [compile('child', rest)] };

    const first = await publishCompiled(watched, parent, publishing);
    const again = await publishCompiled(watched, parent, { ...publishing, now: 2_000 });

    expect(order).toEqual(['child', 'parent', 'child', 'parent']);
    expect([first.isNew, again.isNew]).toEqual([true, false]);
    expect(again.published.publishedAt).toBe(1_000);
  });

  it('publishes no parent of a child whose version holds something else', async () => {
    const definitions = createMemoryDefinitionStore();
    await publishCompiled(definitions, compile('child', rest), publishing);
    const other = compile('child', '{ id: rest, wait: { seconds: 2 } }');

    const refused = publishCompiled(definitions, { ...compile('parent', start), children: [other] }, publishing);

    await expect(refused).rejects.toMatchObject({ code: 'version_exists' });
    expect(await definitions.findLatest('parent')).toBeUndefined();
  });
});

describe('withChildVersions', () => {
  it('names other versions of those children that it is told of', () => {
    const { plan } = compile('parent', `${start}, { id: other, workflow: { name: stays } }, ${rest}`);

    const { tasks } = withChildVersions(plan, ({ name }) => (name === 'child' ? '1+ab' : undefined));

    expect(tasks).toMatchObject([
      { workflow: { name: 'child', version: '1+ab' } },
      { workflow: { name: 'stays', version: '1' } },
      { id: 'rest' },
    ]);
  });
});
