import { randomUUID } from 'node:crypto';
import { runCli } from './run-cli.ts';
import { runProgram } from './run-program.ts';
import type { Outlet, Surroundings } from './surroundings.ts';

function outletOf(stream: NodeJS.WriteStream): Outlet {
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY,
    get columns() {
      return stream.isTTY ? stream.columns : 80;
    },
    get rows() {
      return stream.isTTY ? stream.rows : 24;
    },
  };
}

const surroundings: Surroundings = {
  directory: process.cwd(),
  environment: process.env,
  out: outletOf(process.stdout),
  err: outletOf(process.stderr),
  now: () => Date.now(),
  async openScreen() {
    const { createLogUpdate } = await import('log-update');
    const draw = createLogUpdate(process.stdout);
    return { show: (lines) => draw(lines.join('\n')), close: () => draw.done() };
  },
  onTick(perSecond, tick) {
    const timer = setInterval(tick, 1_000 / perSecond);
    return () => clearInterval(timer);
  },
  onInterrupt(interrupt) {
    process.on('SIGINT', interrupt);
    return () => process.off('SIGINT', interrupt);
  },
  fetch: (url, init) => fetch(url, init),
  runProgram,
  newKey: () => randomUUID(),
};

// `skein events … | head` closes the pipe early: that is an end, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const exitCode = await runCli(process.argv.slice(2), surroundings);
// Left alone, Node waits for what it still compiles in the background: a quarter of a short command.
process.stdout.write('', () => process.exit(exitCode));
