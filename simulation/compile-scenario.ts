import type { CompiledWorkflow } from '../compiler/index.ts';
import type { AgentType } from '../core/agents/index.ts';
import { parseDefinition } from '../core/definition/index.ts';
import { plan, type Plan } from '../core/plan/index.ts';
import { validate, type WorkflowCatalogue } from '../core/validation/index.ts';
import { lower } from '../statemachines/index.ts';
import { definitionText, documentText, type Scenario } from './scenario.ts';

function typesOf(agentTypes: Scenario['agentTypes']): Map<string, AgentType> {
  const types = Object.entries(agentTypes).map(([name, { input, output, cost }]): [string, AgentType] => [
    name,
    {
      name,
      runtime: 'local',
      module: `/${name}.ts`,
      capabilities: [],
      ...(input && { input }),
      ...(output && { output }),
      ...(cost && { cost }),
    },
  ]);
  return new Map(types);
}

/**
 * Definition text → what a runtime publishes; `children`: workflows that its tasks may start. Throws with the diagnostics' sentences
 * when there are errors.
 */
export function compileText(
  text: string,
  agentTypes: Scenario['agentTypes'],
  children: readonly CompiledWorkflow[] = [],
  press: Press = oneMachine,
): CompiledWorkflow {
  const catalogue = typesOf(agentTypes);
  const find = (name: string) => children.find((child) => child.plan.workflow.name === name)?.plan;
  const workflows: WorkflowCatalogue = {
    find: (name) => {
      const known = find(name);
      return known && { ...known.workflow, ...(known.input && { input: known.input }), calls: callsOf(known) };
    },
  };
  const parsed = parseDefinition({ name: 'scenario.yaml', text });
  const checked = parsed.definition && validate(parsed.definition, { catalogue, forRun: true, workflows });
  const valid = checked?.valid;
  if (!valid) {
    const all = [...parsed.diagnostics, ...(checked?.diagnostics ?? [])];
    const found = all.filter(({ severity }) => severity === 'error');
    throw new Error(found.map(({ code, path, message }) => `${code} ${path}: ${message}`).join('\n'));
  }
  const planned = plan(valid, { versionOf: (name) => find(name)?.workflow.version });
  return { plan: planned, ...press(planned), agentTypes: Object.fromEntries(catalogue) };
}

/** The workflow of a scenario, and those that it and they may start, in an order in which they can be published. */
export function compileScenario(
  scenario: Scenario,
  press?: Press,
): { readonly own: CompiledWorkflow; readonly children: readonly CompiledWorkflow[] } {
  const children: CompiledWorkflow[] = [];
  for (const child of scenario.children ?? [])
    children.push(compileText(documentText(child), scenario.agentTypes, children, press));
  return { own: compileText(definitionText(scenario), scenario.agentTypes, children, press), children };
}

/** Plan → machines. */
export type Press = (plan: Plan) => Pick<CompiledWorkflow, 'machine' | 'parts'>;

const oneMachine: Press = (planned) => ({ machine: lower(planned) });

function callsOf({ tasks }: Plan): { name: string; version: string }[] {
  return tasks.flatMap((task) => (task.kind === 'workflow' ? [task.workflow] : []));
}
