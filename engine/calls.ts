import type { TaskRecord } from '../core/execution/index.ts';

type Place = Pick<TaskRecord, 'execution' | 'path'>;

/**
 * Calls that this process is about to make or making right now. An intent that stands for one of them is not lost, and a state that
 * meets it must not call again.
 */
export interface Calls {
  has(place: Place): boolean;
  during<Result>(place: Place, work: () => Promise<Result>): Promise<Result>;
}

export function createCalls(): Calls {
  // Counted, because two admissions of one task may try at once; the ledger lets one of them through.
  const counts = new Map<string, number>();
  const keyOf = ({ execution, path }: Place) => `${execution}/${path}`;
  return {
    has: (place) => counts.has(keyOf(place)),
    async during(place, work) {
      const key = keyOf(place);
      counts.set(key, (counts.get(key) ?? 0) + 1);
      try {
        return await work();
      } finally {
        const left = (counts.get(key) ?? 1) - 1;
        if (left > 0) counts.set(key, left);
        else counts.delete(key);
      }
    },
  };
}
