/** As many executions as two cores and the emulator work off without waiting for each other. */
const AT_ONCE = 6;

/** Runs all of them, a few at a time; answers in the order of what was given. */
export async function atOnce<Given, Result>(
  all: readonly Given[],
  run: (given: Given) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = all.entries();
  const work = async (): Promise<void> => {
    for (const [position, given] of left) results[position] = await run(given);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}
