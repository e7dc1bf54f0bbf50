import { describe, expect, it } from 'vitest';
import { indexPlan, type EventBody } from '../../../core/execution/index.ts';
import type { JsonObject } from '../../../core/json/index.ts';
import { plan } from '../../../core/plan/index.ts';
import { foldEvents } from '../../../core/projections/index.ts';
import { publishedEvents } from '../../../functions/project-view/published-events.ts';
import { assigned, checkpointed, openEventLog, started } from '../../makers/event-log.ts';
import { validDefinition } from '../../makers/valid-definition.ts';

const definition = `
workflow:
  name: review
  version: "1"
  timeout: 100.5
  agents:
    linter: { type: linter, count: 2 }
    idler: { type: linter }
  tasks:
    - { id: fetch, agent: linter, timeout: 60 }
    - { id: lint, agent: linter, depends_on: [fetch], timeout: 90.5 }
`;

/** What the bus is told of this event, by the type that listeners ask for. */
async function dataOf(type: string, body: EventBody, path = ''): Promise<JsonObject> {
  const { events } = openEventLog().add('', started).add(path, body);
  const told = body.type === started.type ? events[0] : events[1];
  const teller = {
    tenant: 'acme',
    source: 'skein.test',
    view: foldEvents(events),
    index: indexPlan(plan(validDefinition(definition))),
    load: async (value: object) => ('inline' in value ? (value.inline as JsonObject) : {}),
  };
  const published = told ? await publishedEvents(teller, told) : [];
  return published.find((event) => event.type === type)?.data ?? {};
}

const id = expect.stringMatching(/./) as string;
const int = expect.toSatisfy((value: unknown) => Number.isInteger(value) && Number(value) > 0) as number;
const timestamp = expect.stringMatching(/^2026-11-21T00:00:0\d\.000Z$/) as string;

/** The events as the requirements write them (row B8): each with every one of its fields. */
const written: readonly [type: string, body: EventBody, path: string, fields: JsonObject][] = [
  [
    'workflow.execution_started',
    started,
    '',
    {
      workflow_id: id,
      execution_id: id,
      orchestration_pattern: 'graph',
      estimated_duration: int,
      allocated_agents: [{ agent: 'linter', agent_type: 'linter', instances: 2, tasks: ['fetch', 'lint'] }],
      timestamp,
    },
  ],
  [
    'agent.task_assigned',
    assigned(),
    'lint',
    {
      workflow_id: id,
      execution_id: id,
      agent_id: 'linter',
      task_id: 'lint',
      dependencies: ['fetch'],
      estimated_duration: int,
      timestamp,
    },
  ],
  [
    'workflow.checkpoint_created',
    checkpointed,
    '',
    {
      workflow_id: id,
      execution_id: id,
      checkpoint_id: 'chk_1',
      state_snapshot: { tasks: [] },
      recovery_instructions: { text: 'Resume it.', command: 'skein resume exec_1' },
      timestamp,
    },
  ],
];

describe('publishedEvents', () => {
  it.each(written)('tells with %s every field that is written', async (type, body, path, fields) => {
    expect(await dataOf(type, body, path)).toMatchObject(fields);
  });

  it('counts whole seconds, and no more than the workflow has', async () => {
    expect(await dataOf('workflow.execution_started', started)).toMatchObject({ estimated_duration: 101 });
    expect(await dataOf('agent.task_assigned', assigned(), 'lint')).toMatchObject({ estimated_duration: 91 });
  });
});
