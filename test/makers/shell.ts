import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCli, runProgram, type Surroundings } from '../../cli/index.ts';

export interface Answer {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** A directory of its own and a command line in it; paths in answers read `<dir>`, whatever machine wrote them. */
export interface Shell extends Disposable {
  readonly directory: string;
  /** Writes files by their path below the directory. */
  write(files: Readonly<Record<string, string>>): void;
  skein(...args: readonly string[]): Promise<Answer>;
}

export interface ShellOptions {
  readonly isTerminal?: boolean;
  readonly columns?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly now?: () => number;
  /** What stands in for parts of the process; timers that never tick are the default. */
  readonly process?: Partial<Pick<Surroundings, 'fetch' | 'runProgram' | 'onTick' | 'onInterrupt'>>;
  /** Takes what was drawn on the screen, one list of lines for each redrawing. */
  readonly frames?: string[][];
}

export function openShell(options: ShellOptions = {}): Shell {
  const directory = mkdtempSync(join(tmpdir(), 'skein-cli-'));
  let keys = 0;
  const without = (text: string): string => text.replaceAll(directory, '<dir>');
  return {
    directory,
    write(files) {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(directory, path)), { recursive: true });
        writeFileSync(join(directory, path), text);
      }
    },
    async skein(...args) {
      const texts = { out: '', err: '' };
      const outlet = (name: keyof typeof texts) => ({
        write: (text: string) => void (texts[name] += text),
        isTerminal: options.isTerminal ?? false,
        columns: options.columns ?? 80,
        rows: 24,
      });
      const exitCode = await runCli(args, {
        directory,
        environment: options.environment ?? {},
        out: outlet('out'),
        err: outlet('err'),
        now: options.now ?? Date.now,
        openScreen: async () => ({
          show: (lines) => void options.frames?.push(lines.map(without)),
          close: () => undefined,
        }),
        onTick: () => () => undefined,
        onInterrupt: () => () => undefined,
        fetch: (url, init) => fetch(url, init),
        runProgram,
        newKey: () => `key-${(keys += 1)}`,
        ...options.process,
      });
      return { exitCode, out: without(texts.out), err: without(texts.err) };
    },
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}
