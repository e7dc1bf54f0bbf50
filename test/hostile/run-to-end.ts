import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** MB of heap for whatever is judged, with all that the compiler itself is. */
const MEGABYTES = 256;
/** Milliseconds without a line: it hangs, on however busy a machine. */
const PATIENCE = 120_000;

/**
 * Runs a script of this folder in a process that is short of memory, and reads its lines of JSON; a line that `begins` something is
 * only remembered, to tell what ended the process.
 */
export async function runToEnd<Line extends object>(
  script: string,
  args: readonly string[],
): Promise<{ lines: readonly Exclude<Line, { begins: unknown }>[]; death?: string }> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [`--max-old-space-size=${MEGABYTES}`, file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const watchdog = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  const lines: Exclude<Line, { begins: unknown }>[] = [];
  let begun: unknown = 'the first';
  createInterface({ input: child.stdout }).on('line', (text) => {
    // The scripts of this folder write nothing else there.
    const line = JSON.parse(text) as Line;
    watchdog.refresh();
    if ('begins' in line) begun = line.begins;
    else lines.push(line as Exclude<Line, { begins: unknown }>);
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  clearTimeout(watchdog);
  return code === 0 ? { lines } : { lines, death: `${String(begun)}: ${signal ?? `code ${code ?? '?'}`}\n${errors}` };
}
