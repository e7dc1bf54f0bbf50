import { beforeAll, describe, expect, it } from 'vitest';
import { openSmallRepository } from '../makers/small-repository.ts';
import {
  drawMoments,
  isHit,
  liveAttempts,
  measureReview,
  playUntilHit,
  tasks,
  type Measure,
  type Round,
} from './crash-round.ts';

/** `SKEIN_CRASH_SEED=… npx vitest run test/e2e` draws the same moments again; what happens at them, the machine decides. */
const seed = Number(process.env['SKEIN_CRASH_SEED'] ?? Date.now() % 1_000_000);
const LANES = 2;

describe('a code review that is killed while its agents work', () => {
  let usual: Measure;
  const rounds: Round[] = [];

  beforeAll(async () => {
    console.log(`SKEIN_CRASH_SEED=${seed}`);
    using repository = openSmallRepository();
    const { directory } = repository;
    // Two at once, because the rounds are as crowded.
    const [one, other] = await Promise.all([measureReview(directory), measureReview(directory)]);
    expect(other.reports).toEqual(one.reports);
    usual = one;
    const moments = [...drawMoments(seed)];
    const playLane = async () => {
      for (let moment = moments.shift(); moment; moment = moments.shift()) {
        rounds.push(...(await playUntilHit(directory, moment, usual)));
      }
    };
    await Promise.all(Array.from({ length: LANES }, playLane));
  }, 300_000);

  /** Holds a fact against each round; a failure says when that round was killed. */
  const inEachRound = (holds: (round: Round, killed: string) => void) => {
    expect(rounds.length).toBeGreaterThanOrEqual(10);
    for (const round of rounds) holds(round, `killed at ${JSON.stringify(round.moment)}, seed ${seed}`);
  };

  it('succeeds when it is resumed', () => {
    inEachRound(({ exitCode, complaint, view }, killed) => {
      // Killed between its end and the last line of its process, there is nothing to resume.
      const isOver = exitCode === 2 && complaint.includes('has already ended: succeeded');
      expect([view.status, isOver || exitCode === 0, complaint], killed).toEqual(['succeeded', true, complaint]);
    });
  });

  it('writes the reports that it would have written', () => {
    inEachRound(({ reports }, killed) => expect(reports, killed).toEqual(usual.reports));
  });

  it('breaks no promise', () => {
    inEachRound(({ violations }, killed) => expect(violations, killed).toEqual([]));
  });

  it('loses nothing that was told or recorded before', () => {
    inEachRound(({ told, before, after }, killed) => {
      const results = before.filter(({ type }) => type === 'task.completed').map(({ path }) => path);

      expect(results, killed).toEqual(expect.arrayContaining([...told]));
      // Whole events: a result comes with the digest of its output.
      expect(after, killed).toEqual(expect.arrayContaining([...before]));
    });
  });

  it('uses up no attempt', () => {
    inEachRound(({ view }, killed) => {
      const attempts = view.tasks.map(({ path, attempts, status }) => [path, attempts, status]);

      expect(attempts.toSorted(), killed).toEqual(tasks.map((task) => [task, 1, 'succeeded']).toSorted());
    });
  });

  it('ends once', () => {
    inEachRound(({ after }, killed) => {
      const endings = after.filter(({ type }) => type === 'workflow.execution_completed');

      expect(endings, killed).toHaveLength(1);
    });
  });

  it('has been hit in most rounds, and in every phase', () => {
    const hit = new Set(rounds.flatMap(({ before }) => liveAttempts(before)));
    const phases = [['inventory'], ['lint', 'security', 'complexity', 'documentation'], ['synthesis']];

    expect(rounds.filter(isHit).length, `seed ${seed}`).toBeGreaterThanOrEqual(7);
    expect(
      phases.filter((paths) => !paths.some((path) => hit.has(path))),
      `seed ${seed}`,
    ).toEqual([]);
  });
});
