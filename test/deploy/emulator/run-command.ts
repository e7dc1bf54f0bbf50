import { execFile } from 'node:child_process';

export interface CommandOptions {
  /** Milliseconds. */
  readonly timeout: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export interface CommandResult {
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A year's log of a deployment fits. */
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Never rejects: a command that is not there, or takes too long, has no status. */
export function tryCommand(
  command: string,
  args: readonly string[],
  { timeout, cwd, env }: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const options = { timeout, maxBuffer: MOST_OUTPUT_BYTES, killSignal: 'SIGKILL', cwd, env } as const;
    execFile(command, args, options, (error, stdout, stderr) => {
      const status = error === null ? 0 : error.code;
      resolve({ status: typeof status === 'number' ? status : undefined, stdout, stderr });
    });
  });
}

/** Rejects with everything that the command has printed unless it ends well. */
export async function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { status, stdout, stderr } = await tryCommand(command, args, options);
  if (status === 0) return stdout;
  const how =
    status === undefined ? `did not end within ${options.timeout} ms, or is not there` : `ended with ${status}`;
  throw new Error(`${[command, ...args].join(' ')} ${how}:\n${stdout}${stderr}`);
}
