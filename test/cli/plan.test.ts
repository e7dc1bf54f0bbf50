import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectGolden, goldenCases, goldenFile } from '../makers/golden.ts';
import { openShell } from '../makers/shell.ts';

const suite = 'cli/plan';

function workflowOf(ids: readonly string[]): string {
  const head =
    'name: many, version: "1", timeout: 1h, owner: { contact: a@example.com }, agents: { one: { type: any } }';
  const tasks = ids.map((id) => `{ id: ${id}, agent: one, timeout: 60 }`);
  return `workflow: { ${head}, tasks: [${tasks.join(', ')}] }`;
}

const agents = 'agent_types: { any: { runtime: http, url: "http://127.0.0.1:1/" } }';

describe('skein plan', () => {
  it.each(goldenCases(suite))('%s', async (name) => {
    using shell = openShell();
    for (const file of readdirSync(goldenFile(suite, name, '')).filter((it) => it.endsWith('.yaml'))) {
      shell.write({ [file]: readFileSync(goldenFile(suite, name, file), 'utf8') });
    }

    const answer = await shell.skein('plan', 'workflow.yaml');

    expect(answer).toMatchObject({ exitCode: 0, err: '' });
    // The digest has goldens of its own; a key that the language gains changes every one of them.
    expectGolden(goldenFile(suite, name, 'plan.txt'), answer.out.replace(/digest [0-9a-f]{12}/, 'digest …'));
  });

  it('outlines more than 60 tasks, and names each once', async () => {
    using shell = openShell();
    const tasks = Array.from({ length: 61 }, (_, index) => `t${index}`);
    shell.write({ 'workflow.yaml': workflowOf(tasks), 'agents.yaml': agents });

    const { out } = await shell.skein('plan', 'workflow.yaml');

    expect(out).toMatch(/├─ t0 .*\n.*├─ t1 /);
    expect(out.match(/ t60 /g)).toHaveLength(1);
  });

  it('prints plan, figures and findings as one JSON value with --json', async () => {
    using shell = openShell();
    shell.write({ 'workflow.yaml': workflowOf(['a']), 'agents.yaml': agents });

    const { exitCode, out } = await shell.skein('plan', 'workflow.yaml', '--json');

    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      valid: true,
      plan: { workflow: { name: 'many' }, tasks: [{ id: 'a' }], criticalPath: { tasks: ['a'], length: 1 } },
      figures: expect.arrayContaining([expect.objectContaining({ name: 'definition', unit: 'bytes' })]) as unknown,
      diagnostics: [],
    });
  });

  it('marks the critical path with colour on a terminal', async () => {
    using shell = openShell({ isTerminal: true, columns: 100 });
    shell.write({ 'workflow.yaml': workflowOf(['a']), 'agents.yaml': agents });

    const { out } = await shell.skein('plan', 'workflow.yaml');

    expect(out).toContain('\u001b[36ma\u001b[39m');
  });
});
