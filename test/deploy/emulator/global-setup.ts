import { readFile } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import { installEmulator } from './install.ts';
import { childrenOf } from './processes.ts';
import { startEmulator } from './start.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where AWS is, for these tests. */
    endpoint: string;
    /** Paths of the log and the faults file of the emulator that was started for them; absent where AWS_ENDPOINT_URL names one. */
    emulator: { readonly log: string; readonly faults: string } | undefined;
  }
}

/** Runs before the first of the test files that need AWS, and after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { AWS_ENDPOINT_URL } = process.env;
  if (AWS_ENDPOINT_URL) {
    project.provide('endpoint', AWS_ENDPOINT_URL);
    project.provide('emulator', undefined);
    return async () => undefined;
  }
  const installed = performance.now();
  const installation = await installEmulator();
  const started = performance.now();
  const emulator = await startEmulator(installation);
  const ready = performance.now();
  const seconds = (from: number, to: number): string => ((to - from) / 1_000).toFixed(1);
  console.log(`LocalStack: installed in ${seconds(installed, started)} s, ready in ${seconds(started, ready)} s`);
  project.provide('endpoint', emulator.endpoint);
  project.provide('emulator', { log: emulator.log, faults: emulator.faults });
  return async () => {
    const peak = await peakMemory(emulator.pid);
    const keepLog = process.exitCode !== undefined && process.exitCode !== 0;
    await emulator.stop({ keepLog });
    console.log(`LocalStack: at most ${peak} MB${keepLog ? `, its log is ${emulator.log}` : ''}`);
  };
}

async function peakMemory(supervisor: number): Promise<string> {
  const [localstack = 0] = childrenOf(supervisor);
  const status = await readFile(`/proc/${localstack}/status`, 'utf8').catch(() => '');
  const kilobytes = /VmHWM:\s+(\d+)/.exec(status)?.[1];
  return kilobytes === undefined ? '?' : String(Math.round(Number(kilobytes) / 1_024));
}
