import type { WorkflowDocument } from '../definition/index.ts';
import { InvariantError } from '../errors/index.ts';
import type { ValidDefinition } from '../validation/index.ts';
import type { Gate, OnFailure, Plan } from './plan.ts';
import { mapTasks, planGraph } from './plan-graph.ts';
import { plannedTask } from './planned-task.ts';

/** Seconds: of a whole execution, and for its running agents when it stops. */
const TIMEOUT = 86_400;
const GRACE = 30;

/** Decides all that can be decided before a run. Equal definitions give equal plans. */
export function plan({ definition, digest }: ValidDefinition): Plan {
  const { workflow } = definition;
  const { name, version, description, tags, input, output, concurrency, fault_tolerance } = workflow;
  const maxParallel = concurrency?.max_parallel;
  const decided: Omit<Plan, symbol> = {
    workflow: { name, version, ...(description !== undefined && { description }), tags },
    digest,
    ...plannedTasks(workflow),
    ...(input && { input }),
    ...(output !== undefined && { output }),
    timeout: workflow.timeout ?? TIMEOUT,
    grace: fault_tolerance?.grace ?? GRACE,
    ...(maxParallel !== undefined && { maxParallel }),
    onFailure: onFailureOf(workflow),
    onSkip: workflow.on_skip ?? 'satisfies',
  };
  // The brand exists for the compiler only; this is the one place that may give it.
  return decided as Plan;
}

function onFailureOf({ fault_tolerance }: WorkflowDocument): OnFailure {
  const said = fault_tolerance?.on_failure ?? 'fail_fast';
  // Validation warns that this version does not pause; the default is what an operator can then rely on.
  return said === 'pause' ? 'fail_fast' : said;
}

type Ordered = Pick<Plan, 'tasks' | 'edges' | 'skeleton' | 'gates' | 'criticalPath'>;

/** The tasks, and all that their graph says, with ids for numbers. */
function plannedTasks(workflow: WorkflowDocument): Ordered {
  const tasks = workflow.tasks.map((task) => plannedTask(workflow, task));
  const position = new Map(tasks.map(({ id }, index) => [id, index]));
  const edges = tasks.flatMap(({ dependsOn }, to) =>
    dependsOn.map(({ task }) => [position.get(task) ?? unknownTask(task), to] as const),
  );
  const graph = planGraph({ count: tasks.length, edges });
  const id = (index: number): string => tasks[index]?.id ?? unknownTask(index);
  const named = ([from, to]: readonly [number, number]): Gate => ({ from: id(from), to: id(to) });
  return {
    tasks: graph.order.flatMap((index) => tasks[index] ?? []),
    edges: graph.edges.map(named),
    skeleton: mapTasks(graph.skeleton, id),
    gates: graph.gates.map(named),
    criticalPath: { tasks: graph.criticalPath.map(id), length: graph.criticalPath.length },
  };
}

function unknownTask(task: string | number): never {
  throw new InvariantError({ code: 'unknown_task', message: `The graph names task ${task}, which does not exist.` });
}
