import type { ExecutionId } from '../core/ids/index.ts';
import type { ExecutionView } from '../core/projections/index.ts';
import type { Reader } from '../local/index.ts';

/** Of an execution that goes on without any process: it is paused, or waits for nobody but people. Undefined: it needs this one. */
export async function restingView(
  reader: Pick<Reader, 'view'>,
  execution: ExecutionId,
): Promise<ExecutionView | undefined> {
  const view = await reader.view(execution);
  const working = view.tasks.filter(
    ({ status, agent, child, approval }) =>
      approval !== undefined || (status === 'running' && (agent ?? child) !== undefined),
  );
  const waitsForPeople = working.length > 0 && working.every(({ approval }) => approval !== undefined);
  return view.status === 'paused' || (view.status === 'running' && waitsForPeople) ? view : undefined;
}
