import { describe, expect, it } from 'vitest';
import { openPatient, runUntilSlow } from '../makers/patient-workflow.ts';

describe('skein cancel', () => {
  it('ends an execution whose process has died', async () => {
    using shell = openPatient();
    const { id } = await runUntilSlow(shell, 'SIGKILL');

    const { exitCode, out } = await shell.skein('cancel', id);

    expect(exitCode).toBe(0);
    expect(out).toMatch(/patient 1 {2}exec_\w+ {2}cancelled/);
    expect(out).toMatch(/\? {2}slow/);
    expect((await shell.skein('verify-history', id)).exitCode).toBe(0);
  });
});
