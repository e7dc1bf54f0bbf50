import type { ListedIncident } from '../remote/incidents.ts';
import { alignColumns, cell, type Cell } from './columns.ts';
import { elapsed } from './numbers.ts';
import { oneLine } from './one-line.ts';
import type { Meaning, Style } from './style.ts';

const meanings: Readonly<Record<ListedIncident['status'], Meaning>> = {
  open: 'bad',
  redriven: 'warning',
  closed: 'quiet',
};

/** Incidents as a table, in the order given. */
export function renderIncidents(incidents: readonly ListedIncident[], now: number, style: Style): string[] {
  const titles = ['incident', 'of', 'status', 'letters', 'last', 'about', 'why'].map((title) =>
    cell(title, style('quiet', title)),
  );
  const rows = incidents.map((incident): Cell[] => [
    cell(incident.incident_id),
    cell(incident.source),
    cell(incident.status, style(meanings[incident.status], incident.status)),
    cell(String(incident.letters)),
    cell(`${elapsed(now - incident.last_seen)} ago`),
    cell(placeOf(incident)),
    cell(oneLine(incident.reason)),
  ]);
  return alignColumns([titles, ...rows]);
}

/** One of them, with what was done about it. */
export function renderIncident(incident: ListedIncident, now: number, style: Style): string[] {
  const { incident_id: id, status, source, letters, body, acts } = incident;
  const ago = (time: number): string => `${elapsed(now - time)} ago`;
  const place = placeOf(incident);
  return [
    `${id}  ${style(meanings[status], status)}`,
    `  of         ${source}${place === '' ? '' : `, ${place}`}`,
    `  why        ${oneLine(incident.reason)}`,
    `  letters    ${letters}, the first ${ago(incident.first_seen)}, the last ${ago(incident.last_seen)}`,
    `  says       ${body.bytes} bytes${body.blob === undefined ? '' : `, ${body.blob}`}`,
    ...acts.map(({ did, by, at, why }) => `  ${did.padEnd(10)} ${ago(at)} by ${by}${why ? `: ${oneLine(why)}` : ''}`),
  ];
}

function placeOf({ execution_id: execution, task }: ListedIncident): string {
  return [execution, task].filter((part) => part !== undefined).join(' ');
}
