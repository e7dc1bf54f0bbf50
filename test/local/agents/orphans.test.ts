import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const engine = fileURLToPath(new URL('../../fixtures/blocked-agent-process.ts', import.meta.url));

/** The worker looks once a second whether its parent lives. */
const LONGEST_WAIT_MS = 10_000;

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a worker whose engine was killed', () => {
  it('ends, even while its agent blocks', async () => {
    const parent = spawn(process.execPath, [engine], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const agent = Number(/pid (\d+)/.exec(line.toString())?.[1]);
    const livedBefore = lives(agent);

    parent.kill('SIGKILL');
    for (let waited = 0; lives(agent) && waited < LONGEST_WAIT_MS; waited += 100) await sleep(100);

    expect(livedBefore).toBe(true);
    expect(lives(agent)).toBe(false);
  });
});
