import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { CompiledWorkflow } from '../../compiler/index.ts';
import type { AgentCatalogue } from '../../core/agents/index.ts';
import { parseAgentCatalogue, parseDefinition, type WorkflowDocument } from '../../core/definition/index.ts';
import type { SkeinEvent } from '../../core/execution/index.ts';
import { notExecuted } from '../../core/validation/index.ts';
import type { EmbeddedRuntime } from '../../local/index.ts';
import { compileText } from '../../simulation/index.ts';
import type { SimulatedWorld } from './simulated-world.ts';

/** A workflow of the examples, as it stands in its file. */
export interface ExampleWorkflow {
  /** Path without its ending, from the folder that was looked into. */
  readonly name: string;
  readonly text: string;
  readonly document: WorkflowDocument;
  readonly catalogue: AgentCatalogue;
  /** The folder's other workflows, which it may start. */
  readonly siblings: () => readonly ExampleWorkflow[];
}

const examples = fileURLToPath(new URL('../../examples', import.meta.url));
const catalogueFile = 'agents.yaml';

/** The workflows of every folder below `folder` of the examples that has a catalogue of agents. */
export function exampleWorkflows(folder = ''): ExampleWorkflow[] {
  const start = join(examples, folder);
  const catalogues = readdirSync(start, { recursive: true, withFileTypes: true });
  return catalogues
    .filter(({ name }) => name === catalogueFile)
    .flatMap(({ parentPath }) => workflowsIn(parentPath, start));
}

function workflowsIn(folder: string, start: string): ExampleWorkflow[] {
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const { catalogue, diagnostics } = parseAgentCatalogue({
    name: join(folder, catalogueFile),
    text: read(catalogueFile),
    resolveModule: (path) => path,
  });
  if (!catalogue) throw new Error(`${folder}: ${diagnostics.map(({ message }) => message).join(' ')}`);
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml') && file !== catalogueFile);
  const found: ExampleWorkflow[] = files.map((file) => {
    const name = relative(start, join(folder, file.replace('.yaml', '')));
    const text = read(file);
    const { definition, diagnostics } = parseDefinition({ name: file, text });
    if (!definition) throw new Error(`${name}: ${diagnostics.map(({ message }) => message).join(' ')}`);
    const siblings = () => found.filter((other) => other.name !== name);
    return { name, text, document: definition.workflow, catalogue, siblings };
  });
  return found;
}

/** Compiles a workflow and publishes its children. Keys that this version does not execute are left out. */
export async function compileExample(
  workflow: ExampleWorkflow,
  runtime: Pick<EmbeddedRuntime, 'publish'>,
): Promise<CompiledWorkflow> {
  const called = new Set(callsOf(workflow.document.tasks));
  const children: CompiledWorkflow[] = [];
  for (const child of workflow.siblings().filter(({ document }) => called.has(document.name))) {
    const one = await compileExample(child, runtime);
    await runtime.publish(one);
    children.push(one);
  }
  return compileText(executable(workflow.text), Object.fromEntries(workflow.catalogue), children);
}

/** The same definition without the keys that this version does not execute. */
function executable(text: string): string {
  const left = new Set(notExecuted.map(({ way }) => way.split('.').at(-1)));
  return JSON.stringify(parse(text), (key, value: unknown) => (left.has(key) ? undefined : value));
}

function callsOf(tasks: WorkflowDocument['tasks']): string[] {
  return tasks.flatMap(({ workflow, group, loop }) => [
    ...(workflow ? [workflow.name] : []),
    ...callsOf(group?.tasks ?? loop?.tasks ?? []),
  ]);
}

/** Whoever waits for an event of a conversation gets one. */
export function answerWait(event: SkeinEvent, runtime: Pick<EmbeddedRuntime, 'emit'>, world: SimulatedWorld): void {
  if (event.type !== 'task.parked' || event.data.cause.kind !== 'event') return;
  const { event: type } = event.data.cause;
  const { execution, path, n } = event;
  world.schedule(world.clock.now() + 1_000, () => {
    void runtime.emit({ id: `${execution}/${path}/${n}`, type, source: 'outside', data: { conversation: execution } });
  });
}
