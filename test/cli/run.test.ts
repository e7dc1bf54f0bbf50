import { describe, expect, it } from 'vitest';
import { openPatient, runUntilSlow } from '../makers/patient-workflow.ts';
import { openShell } from '../makers/shell.ts';

describe('skein run', () => {
  it('prints a line for each event, then the output', async () => {
    using shell = openShell();
    await shell.skein('init');

    const { exitCode, out } = await shell.skein('run', 'workflow.yaml', '--input', 'name=Ada');

    expect(exitCode).toBe(0);
    expect(out).toMatch(/\+\d+\.\d{3} s {2}write {2}succeeded\n/);
    expect(out).toContain('{\n  "letter": "Good morning, Ada. Good evening, Ada."\n}\n');
  });

  it('draws the tasks over and over on a terminal', async () => {
    const frames: string[][] = [];
    using shell = openShell({ isTerminal: true, frames, environment: { NO_COLOR: '1' } });
    await shell.skein('init');

    const { exitCode, out } = await shell.skein('run', 'workflow.yaml', '--input', 'name=Ada');

    expect(exitCode).toBe(0);
    expect(frames.at(-1)?.slice(1)).toEqual([
      expect.stringMatching(/^✓ {2}morning {2}poet +\d+(\.\d)? m?s$/),
      expect.stringMatching(/^✓ {2}evening {2}poet +\d+(\.\d)? m?s$/),
      expect.stringMatching(/^✓ {2}write {4}poet +\d+(\.\d)? m?s$/),
      '██████████████████████████████  3 of 3 tasks',
    ]);
    expect(out).not.toContain('attempt 1');
  });

  it('prints nothing but the result with --json, and needs no file for a database in memory', async () => {
    using shell = openShell();
    await shell.skein('init');
    shell.write({ 'input.json': '{"name": "Ada"}' });

    const answer = await shell.skein(
      'run',
      'workflow.yaml',
      '--input-file',
      'input.json',
      '--database',
      ':memory:',
      '--json',
    );

    expect(JSON.parse(answer.out)).toMatchObject({
      status: 'succeeded',
      output: { letter: 'Good morning, Ada. Good evening, Ada.' },
      view: { workflow: 'hello', version: '1.0' },
    });
  });

  it('is cancelled by Ctrl-C', async () => {
    using shell = openPatient();

    const { id, out, code } = await runUntilSlow(shell, 'SIGINT');
    const { out: status } = await shell.skein('status', id);

    expect(code).toBe(1);
    expect(out).toContain('running → stopping (cancel)');
    expect(status).toMatch(/patient 1 {2}exec_\w+ {2}cancelled/);
  });
});

describe('skein resume', () => {
  it('goes on after kill -9, without running again what has succeeded', async () => {
    using shell = openPatient();
    const { id } = await runUntilSlow(shell, 'SIGKILL');
    shell.write({ go: '' });

    const resumed = await shell.skein('resume', id);
    const { out: events } = await shell.skein('events', id);
    const verified = await shell.skein('verify-history', id);

    expect(resumed.exitCode).toBe(0);
    expect(resumed.out).toContain('slow  says: serving slow');
    expect(resumed.out).not.toContain('serving quick');
    expect(events.match(/task\.completed/g)).toHaveLength(2);
    expect(verified.out).toMatch(/^every promise holds over \d+ events/);
  });

  it('without an id goes on with all that is unfinished, oldest first', async () => {
    using shell = openPatient();
    const first = await runUntilSlow(shell, 'SIGKILL');
    const second = await runUntilSlow(shell, 'SIGKILL');
    shell.write({ go: '' });

    const resumed = await shell.skein('resume', '--json');
    const again = await shell.skein('resume');

    const found = [...resumed.out.matchAll(/^ {2}"(?:execution|status)": "(\w+)"/gm)].map(([, value]) => value);
    expect(found).toEqual([first.id, 'succeeded', second.id, 'succeeded']);
    expect(resumed.exitCode).toBe(0);
    expect(again.out).toBe('nothing is unfinished\n');
  });
});

describe('skein explain', () => {
  it('names the task that runs, and who must act, while the process is gone', async () => {
    using shell = openPatient();
    const { id } = await runUntilSlow(shell, 'SIGKILL');

    const { exitCode, out } = await shell.skein('explain', id);

    const { out: status } = await shell.skein('status', id);

    expect(exitCode).toBe(0);
    expect(out).toContain('slow');
    expect(out).toContain(`skein resume ${id}`);
    expect(status).toContain(`no process runs it: \`skein resume ${id}\` goes on`);
  });
});
