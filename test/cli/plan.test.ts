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
      allocated_agents: { a: 'one' },
      estimated_resources: { instances: 1, peak: { attempts: { value: 1, by: 'graph', tasks: ['a'] } } },
      makespan: { unit: 'steps', limited: { worst: { length: 1 } } },
      transitions: { best: 6, worst: 7 },
      cost: { region: 'us-east-1', prices: { transition: { usd: 0.025, per: 1_000 } } },
      calls: { best: 1, worst: 3 },
      depth: 0,
      diagnostics: [],
    });
  });

  it('says whether a saga undoes what its tasks do, and how it comes to a gap', async () => {
    using shell = openShell();
    const saga = 'fault_tolerance: { saga_pattern: { compensation_enabled: true } }';
    shell.write({ 'workflow.yaml': workflowOf(['a']).replace('tasks:', `${saga}, tasks:`), 'agents.yaml': agents });

    const text = await shell.skein('plan', 'workflow.yaml');
    const json = await shell.skein('plan', 'workflow.yaml', '--json');

    expect(text.out).toContain('saga\n  verdict  gaps  1 gap: the findings say what to do about each\n');
    expect(text.out).toContain(
      '  a        no compensation: a succeeded; cancelled, or out of time, at `a`: the effect of a stays\n',
    );
    expect(text.err).toContain('VAL240 `a` changes something outside, and nothing undoes it.');
    expect(JSON.parse(json.out)).toMatchObject({
      saga: { verdict: 'gaps', effects: 1, compensated: 0, gaps: [{ kind: 'no_compensation', task: 'a' }] },
      diagnostics: expect.arrayContaining([
        expect.objectContaining({ code: 'VAL240', severity: 'warning' }),
      ]) as unknown,
    });
  });

  it('marks the critical path with colour on a terminal', async () => {
    using shell = openShell({ isTerminal: true, columns: 100 });
    shell.write({ 'workflow.yaml': workflowOf(['a']), 'agents.yaml': agents });

    const { out } = await shell.skein('plan', 'workflow.yaml');

    expect(out).toContain('\u001b[36ma\u001b[39m');
  });

  it.each(goldenCases('cli/forecast'))('forecasts %s', async (name) => {
    using shell = openShell();
    for (const file of readdirSync(goldenFile('cli/forecast', name, '')).filter((it) => !it.endsWith('.txt'))) {
      shell.write({ [file]: readFileSync(goldenFile('cli/forecast', name, file), 'utf8') });
    }

    const { out, err } = await shell.skein('plan', 'workflow.yaml', '--durations', 'tasks.json');

    const forecast = out.slice(out.indexOf('\nagents ') + 1);
    // What is found without a forecast has goldens of its own.
    const findings = err.split('\n\n').filter((finding) => finding.includes(' LINT92'));
    expectGolden(goldenFile('cli/forecast', name, 'plan.txt'), [...findings, forecast].join('\n\n'));
  });

  it('forecasts with the medians of past executions', async () => {
    using shell = openShell();
    await shell.skein('init', 'hello');
    await shell.skein('run', 'hello/workflow.yaml', '--input', 'name=Ada');

    const { out } = await shell.skein('plan', 'hello/workflow.yaml', '--observed', '--json');

    const { makespan } = JSON.parse(out) as { makespan: { unit: string; unknown: string[]; limited: unknown } };
    expect(makespan).toMatchObject({ unit: 'seconds', unknown: [] });
    expect(makespan).not.toMatchObject({ limited: { worst: { length: 0 } } });
  });

  it('says that there are no executions to observe', async () => {
    using shell = openShell();
    shell.write({ 'workflow.yaml': workflowOf(['a']), 'agents.yaml': agents });

    const { exitCode, err } = await shell.skein('plan', 'workflow.yaml', '--observed');

    expect(exitCode).toBe(2);
    expect(err).toContain('there is no database at');
  });

  it.each([
    ['{ "b": 3 }', 'there is no task `b`'],
    ['{ "lnit": 3 }', 'did you mean `lint`?'],
    ['{ "lint": -1 }', '`lint` is no number of seconds'],
    ['{ "quality": 1 }', '`quality` takes no time of its own; say what the tasks inside it take'],
    ['[1]', 'this is no JSON object'],
    ['{', 'this is not JSON'],
  ])('refuses the durations %s', async (durations, message) => {
    using shell = openShell();
    const workflow = `workflow: { name: w, version: "1", agents: { one: { type: any } },
      tasks: [{ id: quality, group: { tasks: [{ id: lint, agent: one }] } }] }`;
    shell.write({ 'workflow.yaml': workflow, 'agents.yaml': agents, 'tasks.json': durations });

    const { exitCode, err } = await shell.skein('plan', 'workflow.yaml', '--durations', 'tasks.json');

    expect(exitCode).toBe(2);
    expect(err).toContain(message);
  });

  it('says how many machines it takes where one cannot hold everything', async () => {
    using shell = openShell();
    const ids = Array.from({ length: 1_600 }, (_, index) => `t${index}`);
    shell.write({ 'workflow.yaml': workflowOf(ids), 'agents.yaml': agents });

    const { exitCode, out } = await shell.skein('plan', 'workflow.yaml');
    const exported = await shell.skein('export', 'asl', 'workflow.yaml');

    expect(exitCode).toBe(0);
    expect(out).toMatch(/^ {2}machines +2 +machines +the root, and 1 that it starts parts in$/m);
    expect(JSON.parse(exported.out)).toMatchObject({
      root: { StartAt: 'begin' },
      parts: [{ machine: { StartAt: 'enter' } }],
    });
  });

  it('adds what a child beside the file costs', async () => {
    using shell = openShell();
    const calling = `workflow: { name: parent, version: "1", owner: { contact: a@example.com }, timeout: 2h,
      tasks: [{ id: sub, workflow: { name: many, version: "1", input: {} } }] }`;
    shell.write({ 'workflow.yaml': calling, 'many.yaml': workflowOf(['a', 'b']), 'agents.yaml': agents });

    const { out, err } = await shell.skein('plan', 'workflow.yaml', '--json');

    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({ depth: 1, calls: { best: 2, worst: 6 }, duration: { stop: 30 } });
  });
});
