import type { Command } from 'commander';
import { executionId, taskPath } from '../core/ids/index.ts';
import type { ActionRequest } from '../core/execution/index.ts';
import { databasePath, requireDatabase } from './open-database.ts';
import { withWayTo } from './owned-database.ts';
import { personOf } from './person.ts';
import type { Acting, IntervenedTask } from './remote/act-on-task.ts';
import type { Surroundings } from './surroundings.ts';

export interface Acted extends IntervenedTask {
  /** What is left to do; absent where a process runs the execution, which goes on by itself. */
  readonly next?: string;
}

/** Acts on a task of the command's database: whoever can write it may. */
export async function actHere(command: Command, surroundings: Surroundings, acting: Acting): Promise<Acted> {
  requireDatabase(command, surroundings);
  const { action, execution, task, reason, output, request } = acting;
  const by = personOf(surroundings);
  const said = { by, request, ...(reason !== undefined && { why: reason }) };
  // The command has seen to it that `complete` has an output.
  const asked = { ...said, action, ...(output !== undefined && { output }) } as ActionRequest;
  const place = { execution: executionId(execution), path: taskPath(task) };
  const { actOnTask } = await import('../local/index.ts');
  const database = databasePath(command, surroundings);
  const { at, isHeard } = await actOnTask(database, place, asked).catch(withWayTo('try again'));
  const acted = { execution_id: execution, task, action, by, at };
  return isHeard ? acted : { ...acted, next: `skein resume ${execution}` };
}
