/** What a process does with the world outside of it, and what it may die before or after. */
export type Deed =
  | 'commit'
  | 'group of commits'
  | 'view'
  | 'blob'
  | 'definition'
  | 'call of an agent'
  | 'stop of an agent'
  | 'answer of an agent'
  | 'setting of a timer'
  | 'firing of a timer'
  | 'telling of events'
  | 'telling of a status'
  | 'start'
  | 'cancel'
  | 'pause'
  | 'resumption'
  | 'event from outside';

export type Moment = `before a ${Deed}` | `after a ${Deed}`;

export interface Death {
  /** It comes with the n-th of the moments that count. */
  readonly at: number;
  /** Default: all count. */
  readonly counts?: (moment: Moment) => boolean;
  /** What is on the disk of the commits that were accepted and are not durable by then; nobody has heard of it. */
  readonly keeps: 'none' | 'half' | 'all';
}

export const noDeath: Death = { at: Infinity, keeps: 'none' };

/** It dies with its n-th commit. */
export const withCommit = (at: number): Death => ({
  at,
  counts: (moment) => moment === 'after a commit',
  keeps: at % 2 === 0 ? 'all' : 'half',
});

/** One process's life, as a row of moments. Dead, it goes on in vain: nothing that it does reaches anybody. */
export interface Mortality {
  readonly death: Death;
  /** Those that it has lived through, and the one that it died with. */
  readonly moments: readonly Moment[];
  /** Is it alive after this moment? */
  readonly pass: (moment: Moment) => boolean;
  /** What has two ends, with a moment at each of them. */
  readonly during: <Result>(deed: Deed, work: () => Promise<Result>) => Promise<Result>;
  readonly isDead: () => boolean;
  /** Runs `run` at its death. */
  readonly onDeath: (run: () => void) => void;
}

/** What a dead process waits for. */
export const never = new Promise<never>(() => undefined);

export function createMortality(death: Death): Mortality {
  const moments: Moment[] = [];
  let counted = 0;
  let last: () => void = () => undefined;
  const isDead = () => counted >= death.at;
  const pass = (moment: Moment): boolean => {
    if (isDead()) return false;
    moments.push(moment);
    if (death.counts?.(moment) ?? true) counted += 1;
    if (isDead()) last();
    return !isDead();
  };
  return {
    death,
    moments,
    pass,
    during: async (deed, work) => {
      if (!pass(`before a ${deed}`)) return never;
      try {
        return await work();
      } finally {
        if (!pass(`after a ${deed}`)) await never;
      }
    },
    isDead,
    onDeath: (run) => {
      last = run;
    },
  };
}
