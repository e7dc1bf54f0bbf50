import type { Command } from 'commander';
import { InvalidRequestError } from '../../core/errors/index.ts';
import { incidentStatuses, type IncidentStatus } from '../../core/execution/index.ts';
import { closeHere, getIncidentHere, listIncidentsHere, redriveHere } from '../incidents-here.ts';
import { deploymentOf, withPlaceOptions } from '../place.ts';
import { closeIncident, getIncident, listIncidents, redriveIncident } from '../remote/incidents.ts';
import type { ActedOn } from '../remote/incidents.ts';
import { renderIncident, renderIncidents } from '../render/incident-list.ts';
import { styleFor } from '../render/style.ts';
import type { Surroundings } from '../surroundings.ts';
import { exitCodes, type Verb } from '../verb.ts';

interface Options {
  readonly json?: boolean;
  readonly all?: boolean;
  readonly status?: string;
  readonly why?: string;
}

export const dlqVerb: Verb = {
  name: 'dlq',
  summary: 'show dead letters: what the engine gave up, and why; send one again, or close it',
  example: 'skein dlq redrive inc_5d41402abc4b2a76b9719d911017c592',
  declare: (command) =>
    withPlaceOptions(command)
      .argument('[action]', '`list` (default) those that are open, `show`, `redrive` or `close` one')
      .argument('[incident]', 'its id, inc_…')
      .option('--status <status>', `list those of this status: ${incidentStatuses.join(', ')}`)
      .option('--all', 'list those of any status')
      .option('--why <text>', 'with `close`: for those who ask later')
      .option('--json', 'print them as JSON'),

  async run(command, surroundings) {
    const [action = 'list', id] = command.args;
    const options = command.opts<Options>();
    const { out, environment, now } = surroundings;
    const style = styleFor(out, environment);
    const told = (value: object, lines: readonly string[]): typeof exitCodes.ok => {
      out.write(options.json ? `${JSON.stringify(value, null, 2)}\n` : `${lines.join('\n')}\n`);
      return exitCodes.ok;
    };
    if (action === 'list' && id === undefined) {
      const incidents = await list(command, surroundings, statusOf(options));
      return told(
        { incidents },
        incidents.length === 0 ? ['no dead letters'] : renderIncidents(incidents, now(), style),
      );
    }
    if (id === undefined || !['show', 'redrive', 'close'].includes(action)) throw wrongUse(action);
    const client = await deploymentOf(command, surroundings);
    if (action === 'show') {
      const incident = await (client ? getIncident(client, id) : getIncidentHere(command, surroundings, id));
      return told(incident, renderIncident(incident, now(), style));
    }
    if (action === 'close') {
      const { why } = options;
      const closing = client ? closeIncident(client, id, why) : closeHere(command, surroundings, { id, why });
      return told(await closing, [`${id} is closed`]);
    }
    const done = await (client ? redriveIncident(client, id) : redriveHere(command, surroundings, id));
    return told(done, [redriven(done)]);
  },
};

async function list(command: Command, surroundings: Surroundings, status: IncidentStatus | undefined) {
  const client = await deploymentOf(command, surroundings);
  return client ? listIncidents(client, status) : listIncidentsHere(command, surroundings, status);
}

function redriven({ incident_id: id, status, next }: ActedOn): string {
  const what = status === 'redriven' ? `${id} is on its way again` : `${id} was sent, and has come back already`;
  return `${what}${next === undefined ? '' : `; next: ${next}`}`;
}

function statusOf({ all, status }: Options): IncidentStatus | undefined {
  if (all) return undefined;
  if (status === undefined) return 'open';
  const known = incidentStatuses.find((it) => it === status);
  if (known) return known;
  throw new InvalidRequestError({
    code: 'wrong_use',
    message: `there is no status ${status} of incidents`,
    hint: `one of ${incidentStatuses.join(', ')}; --all shows all`,
  });
}

function wrongUse(action: string): InvalidRequestError {
  return new InvalidRequestError({
    code: 'wrong_use',
    message: ['show', 'redrive', 'close'].includes(action)
      ? `\`skein dlq ${action}\` needs the id of an incident`
      : `there is no \`skein dlq ${action}\``,
    hint: '`skein dlq list` lists them, `skein dlq show|redrive|close <incident>` is about one',
  });
}
