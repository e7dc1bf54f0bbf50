import type { StateVisit } from './state-visit.ts';

/** Lets time pass; an abortion of the branch ends it without an answer. */
export function pauseUntil(at: number, { branch, surroundings }: StateVisit): Promise<void> {
  return new Promise((resolve) => {
    branch.hold(surroundings.options.schedule(at, resolve));
  });
}
