import type { Scenario, TaskDocument, WorkflowDocument } from '../../simulation/index.ts';

type Workflow = WorkflowDocument['workflow'];
type Change<Part> = (part: Part) => Partial<Part>;

function reshapeTask(task: TaskDocument, change: Change<TaskDocument>): TaskDocument {
  const { group, loop } = task;
  const inside = (tasks: readonly TaskDocument[]) => tasks.map((one) => reshapeTask(one, change));
  const changed = { ...task, ...change(task) };
  return {
    ...changed,
    ...(group && { group: { ...group, ...changed.group, tasks: inside(group.tasks) } }),
    ...(loop && { loop: { ...loop, ...changed.loop, tasks: inside(loop.tasks) } }),
  };
}

/** The scenario with every workflow changed, its own and those of children. */
export function reshapeWorkflows(scenario: Scenario, change: Change<Workflow>): Scenario {
  const reshape = ({ workflow }: WorkflowDocument) => ({ workflow: { ...workflow, ...change(workflow) } });
  return { ...scenario, document: reshape(scenario.document), children: scenario.children?.map(reshape) };
}

/** The scenario with every task changed, also those inside of others. */
export function reshapeTasks(scenario: Scenario, change: Change<TaskDocument>): Scenario {
  return reshapeWorkflows(scenario, ({ tasks }) => ({ tasks: tasks.map((task) => reshapeTask(task, change)) }));
}
