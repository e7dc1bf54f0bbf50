import type { Command } from 'commander';
import type { Incident, IncidentStatus } from '../core/execution/index.ts';
import { databasePath, lookInto, requireDatabase } from './open-database.ts';
import { withWayTo } from './owned-database.ts';
import { personOf } from './person.ts';
import type { ActedOn, ListedIncident } from './remote/incidents.ts';
import type { Surroundings } from './surroundings.ts';

/** Incidents of the command's database, also while another process runs executions in it. Undefined: of any status. */
export async function listIncidentsHere(
  command: Command,
  surroundings: Surroundings,
  status: IncidentStatus | undefined,
): Promise<readonly ListedIncident[]> {
  const filter = status === undefined ? {} : { status };
  return (await lookInto(command, surroundings, (reader) => reader.incidents(filter))).map(listed);
}

export async function getIncidentHere(
  command: Command,
  surroundings: Surroundings,
  id: string,
): Promise<ListedIncident> {
  return listed(await lookInto(command, surroundings, (reader) => reader.incident(id)));
}

/** Whoever can write the database may. */
export async function redriveHere(command: Command, surroundings: Surroundings, id: string): Promise<ActedOn> {
  requireDatabase(command, surroundings);
  const { redriveIncidentOf } = await import('../local/index.ts');
  const acting = redriveIncidentOf(databasePath(command, surroundings), id, personOf(surroundings));
  const { isLeft } = await acting.catch(withWayTo('try again'));
  const { status } = await getIncidentHere(command, surroundings, id);
  return { incident_id: id, status, ...(isLeft && { next: 'skein resume' }) };
}

export async function closeHere(
  command: Command,
  surroundings: Surroundings,
  { id, why }: { readonly id: string; readonly why: string | undefined },
): Promise<ActedOn> {
  requireDatabase(command, surroundings);
  const { closeIncidentOf } = await import('../local/index.ts');
  const asked = { by: personOf(surroundings), ...(why !== undefined && { why }) };
  await closeIncidentOf(databasePath(command, surroundings), id, asked).catch(withWayTo('try again'));
  return { incident_id: id, status: 'closed' };
}

function listed({ id, body, firstSeen, lastSeen, execution, task, acts, ...rest }: Incident): ListedIncident {
  const { source, status, reason, letters } = rest;
  return {
    incident_id: id,
    source,
    status,
    reason,
    letters,
    first_seen: firstSeen,
    last_seen: lastSeen,
    ...(execution !== undefined && { execution_id: execution }),
    ...(task !== undefined && { task }),
    body: 'blob' in body ? body : { bytes: Buffer.byteLength(JSON.stringify(body.inline)) },
    acts: [...acts],
  };
}
