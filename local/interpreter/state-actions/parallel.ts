import type { Json } from '../../../core/json/index.ts';
import type { Branch, ParallelState } from '../../../statemachines/index.ts';
import type { BranchRun } from '../branch-run.ts';
import { recover } from '../recovery.ts';
import type { Outcome, StateVisit } from '../state-visit.ts';

/** Runs a branch's states to its end. Handed in, because a branch may hold further Parallel states. */
export type RunBranch = (branch: Branch, run: BranchRun) => Promise<Json>;

export function runParallel(state: ParallelState, visit: StateVisit, runBranch: RunBranch): Promise<Outcome> {
  return recover(state, visit, {
    attempt: async () => {
      const outputs = await runBranches(state.Branches, visit, runBranch);
      return visit.leave(state, outputs, { result: outputs });
    },
    // AWS tells of the failure once: a retried attempt only starts the branches again.
    onGivenUp: () => visit.branch.record('ParallelStateFailed'),
  });
}

/** Outputs in the branches' order. The first failure cuts the other branches, in the moment it happens. */
async function runBranches(branches: readonly Branch[], visit: StateVisit, runBranch: RunBranch): Promise<Json> {
  const { branch: parent } = visit;
  parent.record('ParallelStateStarted');
  const strands = branches.map((branch) => ({ branch, run: parent.fork() }));
  const abortAll = (): void => strands.forEach(({ run }) => run.abort());
  parent.hold(abortAll);

  const outputs = await Promise.all(
    strands.map(async ({ branch, run }) => {
      try {
        const output = await runBranch(branch, run);
        parent.continueAfter(run);
        return output;
      } catch (failure) {
        // What an aborted branch still throws while it unwinds is nobody's failure.
        if (!run.isAborted) {
          parent.continueAfter(run);
          abortAll();
        }
        throw failure;
      }
    }),
  );
  parent.note('ParallelStateSucceeded');
  return outputs;
}
