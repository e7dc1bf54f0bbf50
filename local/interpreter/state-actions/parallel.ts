import type { Json } from '../../../core/json/index.ts';
import { exceedsDataLimit } from '../data-limit.ts';
import type { ParallelState } from '../machine.ts';
import { recover } from '../recovery.ts';
import { tooLargeFailure } from '../state-failure.ts';
import type { Outcome, StateVisit } from '../state-visit.ts';
import type { RunStrand } from '../strand.ts';

export function runParallel(state: ParallelState, visit: StateVisit, runStrand: RunStrand): Promise<Outcome> {
  return recover(state, visit, {
    attempt: async () => {
      const outputs = await runBranches(state, visit, runStrand);
      return visit.leave(state, outputs, { result: outputs });
    },
    // AWS tells of the failure once: a retried attempt only starts the branches again.
    onGivenUp: () => visit.branch.record('ParallelStateFailed'),
  });
}

/** Outputs in the branches' order. The first failure cuts the other branches, in the moment it happens. */
async function runBranches(state: ParallelState, visit: StateVisit, runStrand: RunStrand): Promise<Json> {
  const { branch: parent, surroundings, variables } = visit;
  const input = state.Arguments === undefined ? visit.input : await visit.fill(state.Arguments, 'Arguments');
  if (input !== visit.input && exceedsDataLimit(input)) throw tooLargeFailure(visit.name);
  parent.record('ParallelStateStarted');
  const strands = state.Branches.map((branch) => ({ surroundings, branch, run: parent.fork(), input, variables }));
  const abortAll = (): void => strands.forEach(({ run }) => run.abort());
  parent.hold(abortAll);

  const outputs = await Promise.all(
    strands.map(async (strand) => {
      const { run } = strand;
      try {
        const output = await runStrand(strand);
        parent.continueAt(run.lastEvent);
        return output;
      } catch (failure) {
        // What an aborted branch still throws while it unwinds is nobody's failure.
        if (!run.isAborted) {
          parent.continueAt(run.lastEvent);
          abortAll();
        }
        throw failure;
      }
    }),
  );
  parent.note('ParallelStateSucceeded');
  return outputs;
}
