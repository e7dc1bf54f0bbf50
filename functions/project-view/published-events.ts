import type { PublishedEvent } from '../../adapters/aws/index.ts';
import type { PlanIndex, SkeinEvent, StoredValue } from '../../core/execution/index.ts';
import type { Json, JsonObject } from '../../core/json/index.ts';
import type { AgentTask, Plan } from '../../core/plan/index.ts';
import type { ExecutionView } from '../../core/projections/index.ts';

/** What an event is told with, beside itself. */
export interface Teller {
  readonly tenant: string;
  /** `skein.dev` */
  readonly source: string;
  readonly view: ExecutionView;
  readonly index: PlanIndex;
  readonly load: (value: StoredValue) => Promise<Json>;
}

/**
 * An event of the ledger as whoever listens hears it: a CloudEvent whose id is the event's own place, so that a repeat is recognised.
 * `task.assigned` also goes out as `agent.task_assigned`, under which agents listen.
 */
export async function publishedEvents(teller: Teller, event: SkeinEvent): Promise<readonly PublishedEvent[]> {
  const told = (type: string, data: JsonObject): PublishedEvent => envelope(teller, event, { type, data });
  // The ledger's events are JSON; as interfaces they lack its index signature.
  const own = told(event.type, {
    ...placeOf(teller, event),
    ...(event.data as unknown as JsonObject),
    ...(await more(teller, event)),
  });
  if (event.type !== 'task.assigned' || event.path === '') return [own];
  const assigned = assignment(teller.index.agentAt(event.path));
  return [own, told('agent.task_assigned', { ...placeOf(teller, event), ...assigned })];
}

function envelope(
  { tenant, source, view }: Teller,
  { execution, path, n, lamport, time }: SkeinEvent,
  { type, data }: { readonly type: string; readonly data: JsonObject },
): PublishedEvent {
  const parent = view.parent ? { causationid: `${view.parent.execution}/${view.parent.path}` } : {};
  return {
    id: `${execution}/${path}#${n}${type === 'agent.task_assigned' ? '#agent' : ''}`,
    source,
    type,
    subject: path === '' ? execution : `${execution}/${path}`,
    time,
    extensions: { tenant, correlationid: execution, lamport, ...parent },
    data,
  };
}

function placeOf({ view }: Teller, { execution, path, time }: SkeinEvent): JsonObject {
  return {
    workflow_id: view.workflow,
    workflow_version: view.version,
    execution_id: execution,
    ...(path !== '' && { task_path: path }),
    timestamp: new Date(time).toISOString(),
  };
}

async function more({ index: { plan }, load }: Teller, event: SkeinEvent): Promise<JsonObject> {
  switch (event.type) {
    case 'workflow.execution_started':
      return {
        orchestration_pattern: 'graph',
        estimated_duration: Math.ceil(Math.min(plan.timeout, secondsOf(plan))),
        allocated_agents: allocatedAgents(plan),
      };
    case 'workflow.checkpoint_created': {
      const { checkpoint, snapshot, recovery } = event.data;
      return {
        checkpoint_id: checkpoint,
        state_snapshot: await load(snapshot),
        recovery_instructions: { ...recovery },
      };
    }
    default:
      return {};
  }
}

/** As the answer to the request that started it has them: who got which tasks. */
function allocatedAgents({ agents, tasks }: Plan): JsonObject[] {
  const tasksOf = (name: string): string[] =>
    tasks.flatMap((task) => (task.kind === 'agent' && task.agent === name ? [task.id] : []));
  return Object.entries(agents)
    .map(([agent, { type, count }]) => ({ agent, agent_type: type, instances: count, tasks: tasksOf(agent) }))
    .filter((allocated) => allocated.tasks.length > 0);
}

/** Seconds that the longest chain of tasks may take in a first attempt each; what has no limit of its own counts nothing. */
function secondsOf({ tasks, criticalPath }: Plan): number {
  return tasks
    .filter(({ id }) => criticalPath.tasks.includes(id))
    .reduce((sum, task) => sum + (task.kind === 'agent' ? task.timeout : 0), 0);
}

function assignment({ agent, id, dependsOn, timeout }: AgentTask): JsonObject {
  return {
    agent_id: agent,
    task_id: id,
    dependencies: dependsOn.map(({ task }) => task),
    estimated_duration: Math.ceil(timeout),
  };
}
