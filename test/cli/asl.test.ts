import { describe, expect, it } from 'vitest';
import { openShell, type Shell } from '../makers/shell.ts';

const machine = {
  QueryLanguage: 'JSONata',
  StartAt: 'ask',
  States: {
    ask: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: { FunctionName: 'ask', Payload: { name: '{% $states.input.name %}' } },
      Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 30 }],
      Assign: { answer: '{% $states.result %}' },
      Next: 'nap',
    },
    nap: { Type: 'Wait', Seconds: 3600, Next: 'end' },
    end: { Type: 'Succeed', Output: { answer: '{% $answer %}' } },
  },
};

function shellWith(files: Readonly<Record<string, unknown>>): Shell {
  const shell = openShell({ now: () => Date.UTC(2026, 10, 21) });
  const texts = Object.entries(files).map(([path, value]) => [path, JSON.stringify(value)]);
  shell.write(Object.fromEntries(texts) as Record<string, string>);
  return shell;
}

const stubs = {
  ask: [
    { error: 'Busy', cause: 'not now' },
    { output: 42, delay: 12 },
  ],
};
const run = ['asl', 'run', 'machine.asl.json', '--stubs', 'stubs.json', '--input', '{"name":"Ada"}'];

describe('skein asl run', () => {
  it('prints the states as they go, in simulated time, and the result', async () => {
    using shell = shellWith({ 'machine.asl.json': machine, 'stubs.json': stubs });

    const { exitCode, out } = await shell.skein(...run);

    expect(exitCode).toBe(0);
    expect(out.split('\n')).toEqual([
      '   +0.000 s  ask  Task of {"name":"Ada"}',
      '   +0.000 s  ask  calls lambda:invoke.waitForTaskToken with {"FunctionName":"ask","Payload":{"name":"Ada"}}',
      '   +0.000 s  ask  failed with Busy: not now',
      '  +30.000 s  ask  calls lambda:invoke.waitForTaskToken with {"FunctionName":"ask","Payload":{"name":"Ada"}}',
      '  +42.000 s  ask  → 42, $answer = 42',
      '  +42.000 s  nap  Wait of 42',
      '+3642.000 s  nap  → 42',
      '+3642.000 s  end  Succeed of 42',
      '+3642.000 s  end  → {"answer":42}',
      'succeeded after 1h00m',
      '{',
      '  "answer": 42',
      '}',
      '',
    ]);
  });

  it('prints the end as JSON, and the events with --history', async () => {
    using shell = shellWith({ 'machine.asl.json': machine, 'stubs.json': stubs });

    const short = JSON.parse((await shell.skein(...run, '--json')).out) as object;
    const long = JSON.parse((await shell.skein(...run, '--json', '--history')).out) as { history: { type: string }[] };

    expect(short).toEqual({ status: 'SUCCEEDED', output: { answer: 42 }, milliseconds: 3_642_000 });
    expect(long.history).toHaveLength(16);
    expect(long.history[0]).toMatchObject({ id: 1, type: 'ExecutionStarted' });
  });

  it('prints every event with --history', async () => {
    using shell = shellWith({ 'machine.asl.json': machine, 'stubs.json': stubs });

    const { out } = await shell.skein(...run, '--history');

    expect(out).toContain('   +0.000 s     1  ExecutionStarted  {"input":{"name":"Ada"}}\n');
    expect(out).toContain('+3642.000 s    16  ExecutionSucceeded  {"output":{"answer":42}}\n');
  });

  it('reads the input from a file as well', async () => {
    using shell = shellWith({ 'machine.asl.json': machine, 'stubs.json': stubs, 'input.json': { name: 'Bob' } });

    const { out } = await shell.skein(...run.slice(0, -1), 'input.json');

    expect(out).toContain('ask  Task of {"name":"Bob"}');
  });

  it('tells branches and iterations by their states, and what was cut off', async () => {
    const branch = (name: string, state: object) => ({ StartAt: name, States: { [name]: { ...state, End: true } } });
    const broken = { StartAt: 'broken', States: { broken: { Type: 'Fail', Error: 'Broken', Cause: 'no disk' } } };
    using shell = shellWith({
      'machine.asl.json': {
        QueryLanguage: 'JSONata',
        StartAt: 'each',
        States: {
          each: {
            Type: 'Map',
            Items: [1, 2],
            ItemProcessor: branch('double', { Type: 'Pass', Output: '{% $states.input * 2 %}' }),
            Next: 'both',
          },
          both: { Type: 'Parallel', Branches: [branch('nap', { Type: 'Wait', Seconds: 60 }), broken], End: true },
        },
      },
    });

    const { exitCode, out } = await shell.skein('asl', 'run', 'machine.asl.json');

    expect(exitCode).toBe(1);
    expect(
      out
        .split('\n')
        .slice(0, -2)
        .map((line) => line.slice(13)),
    ).toEqual([
      'each  Map of {}',
      'double  Pass of 1',
      'double  Pass of 2',
      'double  → 2',
      'double  → 4',
      'each  → [2,4]',
      'both  Parallel of [2,4]',
      'nap  Wait of [2,4]',
      'broken  Fail of [2,4]',
      'nap  is cut off',
    ]);
    expect(out).toContain('\nfailed after 0 ms with Broken: no disk\n');
  });

  it('says what is wrong with a machine that is none: what, where, and what to do', async () => {
    using shell = shellWith({ 'path.json': { StartAt: 'a', States: { a: { Type: 'Pass', End: true } } } });
    shell.write({
      'odd.json': JSON.stringify({
        QueryLanguage: 'JSONata',
        StartAt: 'a',
        States: { a: { Type: 'Loop' }, b: { Type: 'Task', Parameters: {}, End: true } },
      }),
    });

    const path = await shell.skein('asl', 'run', 'path.json');
    const odd = await shell.skein('asl', 'run', 'odd.json');
    const json = JSON.parse((await shell.skein('asl', 'run', 'odd.json', '--json')).out) as { errors: object[] };

    expect([path.exitCode, odd.exitCode]).toEqual([1, 1]);
    expect(path.err).toBe(
      [
        'error jsonpath: this state is written in JSONPath, and only JSONata runs here',
        '  at    path.json /States/a',
        '  next  write it in JSONata, and "QueryLanguage": "JSONata" at the top of the machine',
        '',
      ].join('\n'),
    );
    expect(odd.err).toContain(
      'error unknown_state_type: there is no state type "Loop"\n  at    odd.json /States/a/Type\n',
    );
    expect(odd.err).toContain('error missing_field: Resource is missing\n');
    expect(odd.err).toContain('error jsonpath: Parameters is a field of JSONPath');
    expect(json.errors).toHaveLength(3);
    expect(json.errors[0]).toMatchObject({ code: 'unknown_state_type', place: 'odd.json /States/a/Type' });
  });

  it.each([
    [['nope.json'], 'file_not_found'],
    [['bad.json'], 'not_json'],
    [['machine.asl.json', '--stubs', 'bad.json'], 'not_json'],
    [['machine.asl.json', '--input', '{name: Ada}'], 'not_json'],
    [['machine.asl.json', '--stubs', 'input.json'], 'bad_stubs'],
    [['machine.asl.json', '--input', 'input.json'], 'task_not_stubbed'],
  ])('refuses %j as wrong use: %s', async (args, code) => {
    using shell = shellWith({ 'machine.asl.json': machine, 'input.json': { name: 'Ada' } });
    shell.write({ 'bad.json': '{' });

    const { exitCode, err } = await shell.skein('asl', 'run', ...args);

    expect(exitCode).toBe(2);
    expect(err).toMatch(new RegExp(`^error ${code}: .+\n  at    .+\n  next  .+\n$`));
  });

  it('knows no other action', async () => {
    using shell = openShell();

    expect(await shell.skein('asl', 'walk', 'machine.asl.json')).toMatchObject({ exitCode: 2 });
  });
});
