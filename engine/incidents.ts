import { ConflictError, NotFoundError } from '../core/errors/index.ts';
import {
  decideIncident,
  incidentIdOf,
  keyPart,
  type ControlRecord,
  type Incident,
  type IncidentNews,
  type IncidentStatus,
  type Letter,
  type Redrive,
} from '../core/execution/index.ts';
import { parseJson, type Json } from '../core/json/index.ts';
import type { LedgerWrite } from '../core/ports/index.ts';
import type { EngineDeps } from './engine-context.ts';
import { controlOf } from './gates/index.ts';
import { storeValue } from './stored-value.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';

type Stores = Pick<EngineDeps, 'ledger' | 'blobs' | 'clock'>;

/** A letter as it was found, with what it says in full. */
export type FoundLetter = Omit<Letter, 'body'> & { readonly body: Json };

export interface IncidentFilter {
  readonly status?: IncidentStatus;
}

const INCIDENTS = 'incident';
/** Milliseconds that the record of one is kept which somebody has dealt with. */
const KEPT_FOR = 90 * 24 * 3_600_000;

const keyOf = (id: string): string => `${INCIDENTS}/${keyPart(id)}`;

/** Makes a letter an incident, or adds it to the one that there is. Resolves once it is durable: the letter may be thrown away then. */
export async function recordLetter(stores: Stores, { body, ...letter }: FoundLetter): Promise<Incident> {
  const stored = await storeValue(stores.blobs, body);
  const incident = await change(stores, incidentIdOf(letter), {
    kind: 'arrived',
    letter: { ...letter, body: stored },
  });
  await stores.ledger.durable();
  return incident;
}

/** The last seen one first. */
export async function listIncidents(
  { ledger }: Pick<EngineDeps, 'ledger'>,
  { status }: IncidentFilter = {},
): Promise<readonly Incident[]> {
  const records = await ledger.listControls(INCIDENTS);
  return records
    .map(incidentOf)
    .filter((incident) => status === undefined || incident.status === status)
    .sort((a, b) => b.lastSeen - a.lastSeen || (a.id < b.id ? -1 : 1));
}

/** Throws NotFoundError (`incident_not_found`). */
export async function getIncident({ ledger }: Pick<EngineDeps, 'ledger'>, id: string): Promise<Incident> {
  const record = await ledger.findControl(keyOf(id));
  if (record) return incidentOf(record);
  throw new NotFoundError({
    code: 'incident_not_found',
    message: `There is no incident ${id}.`,
    hint: '`skein dlq list --all` shows those there are.',
  });
}

/**
 * Sends the letter on its way again, and then writes that down: who dies in between has it sent twice, which whoever takes it knows how to
 * bear. One that was redriven and has not come back is not sent again. Throws NotFoundError, and ConflictError (`incident_closed`,
 * `not_redrivable`).
 */
export async function redriveIncident(
  { redrive, ...stores }: Stores & { readonly redrive: Redrive | undefined },
  id: string,
  by: string,
): Promise<Incident> {
  const before = await getIncident(stores, id);
  if (before.status === 'redriven') return before;
  if (before.status === 'closed') throw closed(id);
  const body = 'inline' in before.body ? before.body.inline : parseJson(await stores.blobs.get(before.body.blob));
  if (!(await redrive?.(before, body))) throw notRedrivable(before);
  return change(stores, id, { kind: 'redriven', by }, before);
}

/** Nothing more is to be done about it. Closing it again changes nothing. Throws NotFoundError. */
export async function closeIncident(
  stores: Stores,
  id: string,
  { by, why }: { readonly by: string; readonly why?: string },
): Promise<Incident> {
  await getIncident(stores, id);
  return change(stores, id, { kind: 'closed', by, ...(why !== undefined && { why }) });
}

/** `sent`: what it was about when it was sent; a letter that has come since is news of its own, and stays open. */
function change(stores: Stores, id: string, news: IncidentNews, sent?: Incident): Promise<Incident> {
  const { ledger, clock } = stores;
  return untilCommitted(`News of incident ${id}`, async () => {
    const record = await ledger.findControl(keyOf(id));
    const before = record && incidentOf(record);
    if (sent && before && before.letters !== sent.letters) return before;
    const after = decideIncident(before, news, clock.now());
    if (!after) throw closed(id);
    if (after === before) return after;
    return (await ledger.commit(writesOf(record, after, news))) === 'committed' ? after : AGAIN;
  });
}

function writesOf(record: ControlRecord | undefined, incident: Incident, news: IncidentNews): readonly LedgerWrite[] {
  const { id, source, status, reason, lastSeen, acts } = incident;
  const last = acts.at(-1);
  const isArrival = news.kind === 'arrived';
  const time = isArrival ? lastSeen : (last?.at ?? lastSeen);
  const data = {
    incident: id,
    source,
    reason,
    ...(incident.execution !== undefined && { execution: incident.execution }),
    ...(!isArrival && last?.why !== undefined && { why: last.why }),
  };
  return [
    controlOf<Incident>(keyOf(id), record).put(incident, status === 'open' ? undefined : time + KEPT_FOR),
    {
      kind: 'bus_event',
      event: {
        id: `${keyOf(id)}/${isArrival ? keyPart(incident.copy) : `${incident.letters}/${news.kind}`}`,
        type: `incident.${isArrival ? 'opened' : news.kind}`,
        source: isArrival ? source : news.by,
        time,
        data: { inline: data },
      },
    },
  ];
}

/** Whoever writes into this folder writes incidents. */
function incidentOf({ value }: ControlRecord): Incident {
  return value as unknown as Incident;
}

function closed(id: string): ConflictError {
  return new ConflictError({
    code: 'incident_closed',
    message: `Incident ${id} is closed: somebody has said that nothing is to be done about it.`,
  });
}

function notRedrivable({ id, source }: Incident): ConflictError {
  return new ConflictError({
    code: 'not_redrivable',
    message: `Incident ${id} is of ${source}, whose letters cannot be sent again.`,
    hint:
      source === 'engine'
        ? '`skein resume` takes up what was left; `skein dlq close` closes the incident.'
        : 'What it said is in the ledger, and the sweeper makes up for it; `skein dlq close` closes the incident.',
  });
}
