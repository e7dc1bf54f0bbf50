import { describe, expect, it } from 'vitest';
import { createChance } from '../../core/chance/index.ts';
import { parseCompensationPath } from '../../core/ids/index.ts';
import type { AgentCall } from '../../core/ports/index.ts';
import { compileScenario } from '../../simulation/index.ts';
import { answerAgent, type AgentAnswer } from '../../simulation/answer-agent.ts';
import { oddsOf } from '../../simulation/nemesis.ts';
import { play, type AgentWorld, type Agents, type Command } from '../../simulation/play.ts';
import { aScenario, aTask } from '../makers/small-scenario.ts';

/** Played in CI; SKEIN_SAGA_SEEDS says more. */
const SEEDS = Number(process.env['SKEIN_SAGA_SEEDS'] ?? 300);

/** Money is taken, then goods and a parcel are given; telling the customer has no effect that anybody has to undo. */
function anOrder(timeout: number) {
  const brisk = { max_attempts: 2, interval: 1, backoff_rate: 1, max_delay: 1, jitter: 'none' } as const;
  const write = (id: string, depends_on: string[] = []) =>
    aTask(id, {
      depends_on,
      timeout: 5,
      retry_policy: 'brisk',
      compensate: { agent: 'solo', timeout: 5, retry_policy: 'stubborn' },
      compensate_on_failure: true,
    });
  return compileScenario(
    aScenario({
      timeout,
      retry_policies: { brisk, stubborn: { ...brisk, max_attempts: 60 } },
      fault_tolerance: { grace: 2, saga_pattern: { compensation_enabled: true } },
      tasks: [
        write('pay'),
        write('stock', ['pay']),
        write('ship', ['pay']),
        aTask('mail', { depends_on: ['stock', 'ship'], timeout: 5 }),
      ],
    }),
  ).own;
}

const patient = anOrder(3_600);
const hasty = anOrder(9);

/** What comes after each: it has to be undone before. */
const later: Readonly<Record<string, readonly string[]>> = { pay: ['stock', 'ship'], stock: [], ship: [] };

/** The services' books. What was undone is not done any more, however late its call comes. */
class Books {
  readonly done = new Set<string>();
  readonly undone = new Set<string>();
  /** Undone while something that came after it stood. */
  readonly early: string[] = [];

  do(task: string): boolean {
    if (this.undone.has(task)) return false;
    this.done.add(task);
    return true;
  }

  undo(task: string): void {
    if (later[task]?.some((it) => this.done.has(it) && !this.undone.has(it))) this.early.push(task);
    this.undone.add(task);
  }

  /** What has happened and was not undone. */
  get standing(): readonly string[] {
    return [...this.done].filter((task) => !this.undone.has(task)).sort();
  }
}

/** Services that do what they are asked for and say so; or do it, and fail or say nothing; or do nothing of that. */
function services(seed: number, books: Books) {
  return ({ answer }: AgentWorld): Agents => {
    const chance = createChance(seed);
    const act = (call: AgentCall): AgentAnswer | undefined => {
      const undoes = parseCompensationPath(call.path);
      const acts = chance() < 0.85;
      const luck = chance();
      const isHeard = !acts || (undoes === undefined ? books.do(call.path) : (books.undo(undoes), true));
      const bad = undoes === undefined ? 0.3 : 0.4;
      if (!isHeard) return { kind: 'error', error: { name: 'TooLate', message: 'undone', retryable: false } };
      if (luck < bad / 2) return undefined;
      if (luck < bad || !acts) return { kind: 'error', error: { name: 'Flaky', message: 'not now' } };
      return { kind: 'output', output: {} };
    };
    return {
      call(call) {
        const said = act(call);
        if (said) answer(50 + Math.floor(chance() * 3_000), (runtime) => answerAgent(runtime, call, said));
      },
      stop: () => undefined,
    };
  };
}

function playOrder(seed: number) {
  const chance = createChance(seed * 7 + 1);
  const commands: Command[] = chance() < 0.4 ? [{ kind: 'cancel', at: Math.floor(chance() * 12_000) }] : [];
  const books = new Books();
  const workflow = chance() < 0.3 ? hasty : patient;
  const what = { workflows: [workflow], input: {}, commands, agents: services(seed, books) };
  return play(what, { seed, odds: oddsOf(seed) }).then((run) => ({ ...run, books, seed }));
}

describe('an order that is undone, simulated with all faults', () => {
  it(
    `leaves the books in balance in ${SEEDS} runs with failures, timeouts, cancels and crashes`,
    async () => {
      const ends = new Map<string, number>();
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const { status, broken, books } = await playOrder(seed);

        expect({ seed, broken, early: books.early }).toEqual({ seed, broken: [], early: [] });
        const all = ['mail', 'pay', 'ship', 'stock'];
        const expected = status === 'succeeded' ? all : [];
        expect({
          seed,
          status,
          standing: books.standing.filter((it) => status === 'succeeded' || it !== 'mail'),
        }).toEqual({ seed, status, standing: expected });
        ends.set(status, (ends.get(status) ?? 0) + 1);
      }
      for (const end of ['succeeded', 'compensated']) expect(ends.get(end)).toBeGreaterThan(SEEDS / 20);
    },
    60_000 + SEEDS * 500,
  );
});
