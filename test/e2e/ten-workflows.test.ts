import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SkeinEvent } from '../../core/execution/index.ts';
import type { ExecutionView } from '../../core/projections/index.ts';
import { createSeededIds } from '../../adapters/embedded/index.ts';
import { openShell, type Shell } from '../makers/shell.ts';
import { startSkein } from '../makers/skein-process.ts';
import { killables, type Killable } from './killable-workflows.ts';

/** `SKEIN_CRASH_MOMENTS=100 SKEIN_CRASH_SEED=… npx vitest run test/e2e/ten-workflows.test.ts` kills a hundred times. */
const MOMENTS = Number(process.env['SKEIN_CRASH_MOMENTS'] ?? 20);
const seed = Number(process.env['SKEIN_CRASH_SEED'] ?? Date.now() % 1_000_000);
const LANES = 2;

/** Of a run that nobody disturbs. */
interface Usual {
  readonly results: unknown;
  /** Milliseconds from its first line to its end. */
  readonly duration: number;
}

interface Round {
  readonly killed: string;
  /** Something was open when it was killed. */
  readonly isHit: boolean;
  /** Of the run's process: what it told, as `path status`. */
  readonly told: readonly string[];
  readonly before: readonly SkeinEvent[];
  readonly after: readonly SkeinEvent[];
  readonly resumed: readonly [exitCode: number | null, complaint: string];
  readonly results: unknown;
  /** What `verify-history` says of each execution, children too. */
  readonly verdicts: readonly string[];
}

const idOf = (lines: readonly string[]): string => /exec_\w+/.exec(lines[0] ?? '')?.[0] ?? 'none';

async function measure(workflow: Killable): Promise<Usual> {
  using shell = openShell();
  await using run = startSkein(shell.directory, 'run', ...workflow.prepare(shell));
  await run.prints(/started/);
  const begun = performance.now();
  if ((await run.ended) !== 0) throw new Error(`${workflow.name}: ${run.complaint()}`);
  return { results: await resultsOf(shell, idOf(run.lines)), duration: performance.now() - begun };
}

/** What an execution has come to: nothing of when, and nothing of its name. */
async function resultsOf(shell: Shell, id: string): Promise<unknown> {
  const { out } = await shell.skein('status', id, '--json');
  const { status, output, tasks } = JSON.parse(out) as ExecutionView;
  const rows = tasks.map(({ path, status, attempts, output }) => ({ path, status, attempts, output }));
  rows.sort((a, b) => (a.path < b.path ? -1 : 1));
  const text = JSON.stringify({ status, output, rows });
  return JSON.parse(text.replaceAll(/exec_\w+/g, 'exec').replaceAll(/"time":"[^"]*"/g, '"time":""'));
}

async function eventsOf(shell: Shell, id: string): Promise<readonly SkeinEvent[]> {
  const { out } = await shell.skein('events', id, '--json');
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SkeinEvent);
}

async function verdictsOf(shell: Shell): Promise<readonly string[]> {
  const { out } = await shell.skein('list', '--json');
  const verdicts = [];
  for (const id of new Set(out.match(/exec_\w+/g))) verdicts.push((await shell.skein('verify-history', id)).out);
  return verdicts;
}

async function playRound(workflow: Killable, part: number, usual: Usual): Promise<Round> {
  using shell = openShell();
  await using run = startSkein(shell.directory, 'run', ...workflow.prepare(shell));
  await run.prints(/started/);
  await delay(part * usual.duration);
  await run.kill();
  const id = idOf(run.lines);
  const before = await eventsOf(shell, id);
  await using resume = startSkein(shell.directory, 'resume');
  const exitCode = await resume.ended;
  return {
    killed: `${workflow.name} killed at ${part.toFixed(2)}, seed ${seed}`,
    isHit: !before.some(({ type }) => type === 'workflow.execution_completed'),
    told: run.lines.flatMap((line) => / s {2}(\S+) {2}(succeeded|skipped)$/.exec(line)?.slice(1).join(' ') ?? []),
    before,
    after: await eventsOf(shell, id),
    resumed: [exitCode, resume.complaint()],
    results: await resultsOf(shell, id),
    verdicts: await verdictsOf(shell),
  };
}

describe('ten workflows whose processes are killed at random moments', () => {
  const rounds: { readonly round: Round; readonly usual: Usual }[] = [];

  beforeAll(
    async () => {
      console.log(`SKEIN_CRASH_SEED=${seed}`);
      const ids = createSeededIds(seed);
      const usual = new Map<Killable, Promise<Usual>>();
      const moments = Array.from({ length: MOMENTS }, (_, i) => ({
        workflow: killables[i % killables.length]!,
        // Of a time that was measured in a crowd.
        part: ids.random() * 0.8,
      }));
      const playLane = async () => {
        for (let next = moments.shift(); next; next = moments.shift()) {
          const { workflow, part } = next;
          if (!usual.has(workflow)) usual.set(workflow, measure(workflow));
          const measured = await usual.get(workflow)!;
          rounds.push({ round: await playRound(workflow, part, measured), usual: measured });
        }
      };
      await Promise.all(Array.from({ length: LANES }, playLane));
    },
    60_000 + MOMENTS * 6_000,
  );

  it('are ten', () => {
    expect(killables).toHaveLength(10);
    expect(rounds).toHaveLength(MOMENTS);
  });

  it('are ended by one `skein resume`, as if nobody had killed them', () => {
    for (const { round, usual } of rounds) {
      const [exitCode, complaint] = round.resumed;
      expect(exitCode, `${round.killed}: ${complaint}`).toBe(0);
      expect(round.results, round.killed).toEqual(usual.results);
    }
  });

  it('break no promise', () => {
    for (const { round } of rounds) {
      expect(round.verdicts.length, round.killed).toBeGreaterThan(0);
      expect(round.verdicts.join(''), round.killed).toMatch(/^(every promise holds over \d+ events of exec_\w+\n)+$/);
    }
  });

  it('lose nothing that was told or recorded before', () => {
    for (const { round } of rounds) {
      const settled = round.before.flatMap(({ type, path }) =>
        type === 'task.completed' ? [`${path} succeeded`] : [],
      );
      const told = round.told.filter((it) => it.endsWith('succeeded') && !it.startsWith('exec_'));

      expect(settled, round.killed).toEqual(expect.arrayContaining(told));
      expect(round.after, round.killed).toEqual(expect.arrayContaining([...round.before]));
    }
  });

  it('were at work when they were killed, most of them', () => {
    expect(rounds.filter(({ round }) => round.isHit).length, `seed ${seed}`).toBeGreaterThan(MOMENTS / 3);
  });
});
