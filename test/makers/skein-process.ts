import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const main = new URL('../../cli/skein.js', import.meta.url).pathname;

/** The program itself, as a shell starts it. Disposing of it kills it. */
export interface SkeinProcess extends AsyncDisposable {
  readonly pid: number;
  /** What it has printed so far, by line. */
  readonly lines: readonly string[];
  /** Its exit code, once all that it printed has been read; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** What it has complained of so far. */
  complaint(): string;
  /** True as soon as a line matches; false when it has ended without one. */
  prints(pattern: RegExp): Promise<boolean>;
  /** Signals this very process, unless it has ended, and resolves when it has. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts `skein` in a directory. */
export function startSkein(directory: string, ...args: readonly string[]): SkeinProcess {
  return startSkeinUnder('true', directory, ...args);
}

/** Starts it in a shell that has run this command before: a limit of the operating system, say. */
export function startSkeinUnder(before: string, directory: string, ...args: readonly string[]): SkeinProcess {
  const script = `${before} && exec "$0" "$@"`;
  const child = spawn('sh', ['-c', script, process.execPath, main, ...args], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const listen of listeners) listen(line);
  });
  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
    child.kill(signal);
    await ended;
  };

  return {
    pid: child.pid ?? 0,
    lines,
    ended,
    complaint: () => complaint,
    prints: async (pattern) => {
      if (lines.some((line) => pattern.test(line))) return true;
      let listen: (line: string) => void = () => undefined;
      const printed = new Promise<true>((resolve) => {
        listen = (line) => pattern.test(line) && resolve(true);
        listeners.add(listen);
      });
      const found = await Promise.race([printed, ended.then(() => false)]);
      listeners.delete(listen);
      return found;
    },
    kill,
    [Symbol.asyncDispose]: () => kill(),
  };
}
