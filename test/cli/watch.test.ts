import { describe, expect, it } from 'vitest';
import { watch, type Look } from '../../cli/watch.ts';
import { startSkein } from '../makers/skein-process.ts';
import { openShell } from '../makers/shell.ts';

interface Bench {
  readonly isTerminal?: boolean;
  readonly json?: boolean;
}

/** Something that is watched, and whoever presses Ctrl-C. */
function open({ isTerminal = false, json = false }: Bench, look: () => Promise<Look>) {
  const printed: string[] = [];
  const frames: string[][] = [];
  const ticks = new Set<() => void>();
  const interrupts = new Set<() => void>();
  const heard = <Listener>(listeners: Set<Listener>, listener: Listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const watched = watch(
    {
      out: { write: (text) => void printed.push(text), isTerminal, columns: 80, rows: 24 },
      openScreen: async () => ({
        show: (lines) => void frames.push([...lines]),
        close: () => void frames.push(['left']),
      }),
      onTick: (_perSecond, tick) => heard(ticks, tick),
      onInterrupt: (interrupt) => heard(interrupts, interrupt),
    },
    look,
    { json },
  );
  const tick = async () => {
    ticks.forEach((each) => each());
    await new Promise(setImmediate);
  };
  return { printed, frames, watched, ticks, tick, interrupt: () => interrupts.forEach((each) => each()) };
}

const look = (...statuses: readonly string[]): (() => Promise<Look>) => {
  const left = [...statuses];
  let at = 0;
  return async () => {
    const status = left.shift() ?? statuses.at(-1) ?? '';
    return { value: { status }, lines: [status, `for ${(at += 1)} s`] };
  };
};

describe('watch', () => {
  it('prints what has changed, and not that time has passed', async () => {
    const { printed, watched, tick, interrupt } = open({}, look('closed', 'closed', 'open'));
    await tick();
    await tick();
    await tick();
    interrupt();
    await watched;

    expect(printed).toEqual(['closed\nfor 1 s\n\n', 'open\nfor 3 s\n\n']);
  });

  it('is a line of JSON for each change where a program reads it, also on a terminal', async () => {
    const { printed, frames, watched, tick, interrupt } = open({ isTerminal: true, json: true }, look('a', 'b'));
    await tick();
    await tick();
    interrupt();
    await watched;

    expect(printed).toEqual(['{"status":"a"}\n', '{"status":"b"}\n']);
    expect(frames).toEqual([]);
  });

  it('redraws a terminal each time, and leaves the last picture there', async () => {
    const { printed, frames, watched, ticks, tick, interrupt } = open({ isTerminal: true }, look('open'));
    await tick();
    await tick();
    interrupt();
    await watched;

    expect(printed).toEqual([]);
    expect(frames).toEqual([['open', 'for 1 s'], ['open', 'for 2 s'], ['left']]);
    expect(ticks.size).toBe(0);
  });

  it('does not look again before the look before has ended', async () => {
    const { promise, resolve } = Promise.withResolvers<Look>();
    let looks = 0;
    const { printed, watched, tick, interrupt } = open({}, () => {
      looks += 1;
      return promise;
    });
    await tick();
    await tick();
    expect(looks).toBe(1);
    resolve({ value: {}, lines: ['there'] });
    await tick();
    interrupt();
    await watched;

    expect(printed).toEqual(['there\n\n']);
  });

  it('ends with what a look throws', async () => {
    const { watched, ticks } = open({}, async () => {
      throw new Error('the database is gone');
    });

    await expect(watched).rejects.toThrow('the database is gone');
    expect(ticks.size).toBe(0);
  });
});

describe.each(['breakers', 'pools'])('skein %s --watch', (verb) => {
  it('goes on until Ctrl-C', async () => {
    using shell = openShell();
    shell.write({
      'agents.yaml': 'agent_types: {}\n',
      'workflow.yaml': `workflow:\n  name: rest\n  version: "1"\n  tasks:\n    - { id: rest, wait: { seconds: 0.01 } }\n`,
    });
    await shell.skein('run', 'workflow.yaml');
    await using watching = startSkein(shell.directory, verb, '--watch');
    await watching.prints(/^no /);

    await watching.kill('SIGINT');

    expect(await watching.ended).toBe(0);
  });
});

describe('an action with --watch', () => {
  it.each([
    ['breakers', 'reset', 'flaky_agent'],
    ['pools', 'drain', 'shared', '1'],
  ])('is refused: %s %s', async (...args) => {
    using shell = openShell();

    const { exitCode, err } = await shell.skein(...args, '--watch');

    expect(exitCode).toBe(2);
    expect(err).toContain('`--watch` only shows');
  });
});
