import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compareWithLog } from '../../examples/flaky-upstream/upstream/compare.ts';
import { startPriceService } from '../../examples/flaky-upstream/upstream/price-service.ts';
import { openReader } from '../../local/index.ts';
import { openShell } from '../makers/shell.ts';

const workflow = fileURLToPath(new URL('../../examples/flaky-upstream/flaky-upstream.yaml', import.meta.url));
const products = ['apple', 'bread', 'cheese', 'dates', 'eggs', 'figs', 'grapes', 'honey', 'jam', 'kale'];

describe('flaky-upstream', () => {
  it('is valid, and nothing is advised', async () => {
    using shell = openShell();

    const { exitCode, out } = await shell.skein('validate', workflow);

    expect({ exitCode, lines: out.trim().split('\n').length }).toEqual({ exitCode: 0, lines: 1 });
  });

  it('gets every price, and leaves the service alone while the breaker is open', { timeout: 60_000 }, async () => {
    using shell = openShell();
    const service = await startPriceService({ callsUntilOutage: 4, outage: 1_000 });
    const inputs = ['--input', `upstream=${service.url}`, '--input', `products=${JSON.stringify(products)}`];

    const { exitCode, out } = await shell.skein('run', workflow, ...inputs);
    await service.close();

    expect(exitCode).toBe(0);
    expect([...out.matchAll(/"product": "(\w+)"/g)].map(([, product]) => product)).toEqual(products);
    const { events, violations } = await recordedIn(shell.directory);
    const open = compareWithLog(events, service.log);
    expect(open.length).toBeGreaterThan(0);
    expect(open.map(({ gotThrough }) => gotThrough)).toEqual(open.map(() => 0));
    // Three that opened it, those that were under way, and two at a time that tried it. Two calls may have begun before the service went
    // down and come back later than failures: each success begins the count anew, after two failures at the most.
    const underWay = open.reduce((sum, it) => sum + it.underWay, 0);
    const refused = service.log.filter(({ status }) => status === 503).length;
    expect(refused).toBeLessThanOrEqual(3 + 2 * 2 + underWay + 2 * (open.length - 1));
    expect(violations).toEqual([]);
  });
});

/** What the only execution has recorded, and what is wrong with it. */
async function recordedIn(directory: string) {
  const { reader, close } = openReader(join(directory, '.skein/skein.db'));
  try {
    const [view] = await reader.list({ limit: 1 });
    if (!view) throw new Error('there is no execution');
    return { events: await reader.events(view.execution), violations: await reader.verify(view.execution) };
  } finally {
    close();
  }
}

describe('compareWithLog', () => {
  const event = (type: string, time: number, path = 'a', attempt = 1) => ({ type, path, time, data: { attempt } });
  const history = [
    event('task.assigned', 5, 'a'),
    event('breaker.opened', 10),
    event('task.assigned', 12, 'b'),
    event('breaker.half_opened', 20),
  ];

  it('tells calls that were under way from those that began while it was open', () => {
    const log = [
      { at: 9, attempt: 'a#1', status: 503 },
      { at: 11, attempt: 'a#1', status: 503 },
      { at: 13, attempt: 'b#1', status: 503 },
      { at: 14, attempt: 'nobody', status: 503 },
      { at: 21, attempt: 'b#1', status: 200 },
    ] as const;

    expect(compareWithLog(history, log)).toEqual([{ from: 10, to: 20, underWay: 1, gotThrough: 2 }]);
  });

  it('has nothing to say of a breaker that never opened', () => {
    expect(compareWithLog([event('task.assigned', 1)], [])).toEqual([]);
  });
});
