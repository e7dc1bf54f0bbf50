import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

export interface ChildProcess {
  readonly pid: number;
  /** Its standard output so far, by line; a last line without an end is not one. */
  readonly lines: readonly string[];
  /** Resolves when there are as many lines, or when the process has ended with fewer. */
  printed(lines: number): Promise<void>;
  /** kill -9. Resolves when it is dead and all that it printed has been read. */
  kill(): Promise<void>;
}

/** Runs a file of the tests in a Node process of its own; what it says of errors goes to the test's own output. */
export function startProcess(file: string, ...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close');
  const lines: string[] = [];
  let waiting: { readonly count: number; readonly resolve: () => void } | undefined;
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    if (waiting && lines.length >= waiting.count) waiting.resolve();
  });

  return {
    pid: child.pid ?? 0,
    lines,
    printed: async (count) => {
      const reached = new Promise<void>((resolve) => {
        if (lines.length >= count) resolve();
        waiting = { count, resolve };
      });
      await Promise.race([reached, ended]);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
