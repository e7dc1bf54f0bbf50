import { UnavailableError } from '../core/errors/index.ts';
import type { Nemesis } from './nemesis.ts';

/** The process is dead: whatever it still does reaches nobody. */
export class Died extends Error {
  override readonly name = 'Died';
}

/** One invocation of a function: it has a number of deeds until its death. */
export interface Life {
  /** Infinity: nothing ends it. */
  deeds: number;
  isDead: boolean;
}

/** The most deeds that a function which dies does before. */
const MOST_DEEDS = 25;

export function deedsBeforeDeath(nemesis: Nemesis, called: string): number {
  const death = nemesis.strikes('death', called);
  return death ? Math.floor(death.amount * MOST_DEEDS) : Infinity;
}

/** Throws when the life is over. It passes one of its moments: before a deed, or after. */
function pass(life: Life): void {
  life.deeds -= 1;
  if (life.deeds < 0) life.isDead = true;
  if (life.isDead) throw new Died('the process has died');
}

/**
 * A port as a function sees it that may die before and after each of its calls, of a service that may refuse, or do what it was asked for
 * and say that it did not.
 */
export function mortal<Port extends object>(
  port: Port,
  service: string,
  world: { life: Life; nemesis: Nemesis },
): Port {
  const { life, nemesis } = world;
  const entries = Object.entries(port).map(([name, member]: [string, unknown]) => {
    if (typeof member !== 'function') return [name, member];
    const where = `${service}.${name}`;
    const call = async (...args: unknown[]): Promise<unknown> => {
      pass(life);
      if (nemesis.strikes('throttled', where)) throw unavailable(where);
      const answer: unknown = await Reflect.apply(member, port, args);
      pass(life);
      if (nemesis.strikes('answer_lost', where)) throw unavailable(where);
      return answer;
    };
    return [name, call];
  });
  // Each member is what it was, but for what may happen around it.
  return Object.fromEntries(entries) as Port;
}

function unavailable(where: string): UnavailableError {
  return new UnavailableError({ code: 'simulated', message: `${where} did not answer.` });
}
