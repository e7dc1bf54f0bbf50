import { AsyncLocalStorage } from 'node:async_hooks';

interface Life {
  /** Deeds until its death. */
  left: number;
  isDead: boolean;
}

/** Invocations of functions, of which some die between two deeds: after it nothing of them reaches the world. */
export interface Mortals {
  /** Rejects when the invocation has died, whatever it would have answered. */
  invoke<Answer>(run: () => Promise<Answer>): Promise<Answer>;
  /** Does a deed of the present invocation; it may die before, or after, and then does not hear how it ended. */
  during<Answer>(deed: () => Promise<Answer>): Promise<Answer>;
  readonly deaths: () => number;
}

export class Died extends Error {
  override readonly name = 'Died';
}

/** `dies`: asked once for each invocation; after how many deeds, or Infinity. */
export function createMortals(dies: () => number): Mortals {
  const lives = new AsyncLocalStorage<Life>();
  let deaths = 0;
  const breathe = (): void => {
    const life = lives.getStore();
    if (!life) return;
    life.left -= 1;
    if (life.left < 0) life.isDead = true;
    if (life.isDead) throw new Died();
  };
  return {
    async invoke(run) {
      const life: Life = { left: dies(), isDead: false };
      const answer = await lives.run(life, run).catch((error: unknown) => {
        if (!life.isDead) throw error;
      });
      if (!life.isDead) return answer as Awaited<ReturnType<typeof run>>;
      deaths += 1;
      throw new Died();
    },
    async during(deed) {
      breathe();
      const answer = await deed();
      breathe();
      return answer;
    },
    deaths: () => deaths,
  };
}

/** Every method of it is a deed. */
export function mortal<Port extends object>(port: Port, mortals: Mortals): Port {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => mortals.during(async () => Reflect.apply(member, target, args) as unknown);
    },
  });
}
