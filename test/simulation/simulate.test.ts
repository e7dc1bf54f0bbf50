import { describe, expect, it } from 'vitest';
import { simulate } from '../../simulation/simulate.ts';
import { randomWorkflows } from '../../simulation/sources.ts';
import { play } from '../../simulation/play.ts';
import { oddsOf } from '../../simulation/nemesis.ts';

/** Of some hundred seeds the one with the most to say. */
const BUSY = 1867;

describe('a run', () => {
  it('is the same for the same seed, byte for byte', async () => {
    const conditions = { seed: BUSY, odds: oddsOf(BUSY) };

    const first = await play(randomWorkflows().playOf(BUSY), conditions);
    const again = await play(randomWorkflows().playOf(BUSY), conditions);

    expect(first.faults.length).toBeGreaterThan(20);
    expect(again.trace.join('\n')).toBe(first.trace.join('\n'));
    expect(again).toEqual(first);
  });

  it('is another one for another seed', async () => {
    const run = (seed: number) => play(randomWorkflows().playOf(BUSY), { seed, odds: oddsOf(BUSY) });

    expect((await run(1)).trace).not.toEqual((await run(2)).trace);
  });

  it('is repeated by the names of its faults alone', async () => {
    const odds = oddsOf(BUSY);
    const run = await play(randomWorkflows().playOf(BUSY), { seed: BUSY, odds });
    const only = new Set(run.faults.map(({ name }) => name));

    const again = await play(randomWorkflows().playOf(BUSY), { seed: BUSY, odds, only });

    expect(again.trace).toEqual(run.trace);
  });
});

describe('simulate', () => {
  it('counts runs, faults, events and how executions have ended', async () => {
    const seen: number[] = [];

    const summary = await simulate({
      source: randomWorkflows(),
      seed: 40,
      runs: 12,
      onRun: ({ runs }) => seen.push(runs) > 0,
    });

    expect(seen).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    expect(summary.runs).toBe(12);
    expect(Object.values(summary.statuses).reduce((a, b) => a + b, 0)).toBe(12);
    expect(summary.events).toBeGreaterThan(100);
    expect(Object.values(summary.faults).reduce((a, b) => a + b, 0)).toBeGreaterThan(10);
    expect(summary.simulated).toBeGreaterThan(12 * 300_000);
    expect(summary.failures).toEqual([]);
  });

  it('ends when it is told to', async () => {
    const summary = await simulate({ source: randomWorkflows(), seed: 1, runs: 50, onRun: ({ runs }) => runs < 3 });

    expect(summary.runs).toBe(3);
  });
});
