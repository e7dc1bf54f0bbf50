import { dirname, relative, resolve } from 'node:path';
import type { AgentCatalogue, AgentType } from '../core/agents/index.ts';
import { parseAgentCatalogue, parseDefinition, type SourceText } from '../core/definition/index.ts';
import type { Diagnostic, ExaminedText } from '../core/diagnostics/index.ts';
import { InvalidRequestError } from '../core/errors/index.ts';
import { plan as planDefinition, type Plan } from '../core/plan/index.ts';
import { validate } from '../core/validation/index.ts';
import {
  measurePartition,
  partition,
  type Figure,
  type Machine,
  type Measures,
  type PartMachine,
} from '../statemachines/index.ts';
import { findChildren } from './load-children.ts';
import { lookUpPublished, type PublishedLookup } from './published-lookup.ts';
import { readText } from './read-text.ts';

export interface WorkflowFiles {
  /** Of the definition, as the user typed it. */
  readonly file: string;
  /** Of the agent catalogue; absent: `agents.yaml` beside the definition. */
  readonly agents?: string;
}

export interface LoadOptions {
  /** What relative paths start from. */
  readonly directory: string;
  /** True: what this version does not execute is an error. */
  readonly forRun: boolean;
  /** Where child workflows are published that are not beside the definition. Absent: nowhere. */
  readonly database?: string | undefined;
}

export interface CompiledFiles {
  /** The definition's text, in which more may be found. */
  readonly source: SourceText;
  readonly plan: Plan;
  /** Not linked. */
  readonly machine: Machine;
  /** The machines of its parts, by number; none where one machine holds everything. */
  readonly parts: readonly PartMachine[];
  readonly agentTypes: { readonly [name: string]: AgentType };
  readonly figures: readonly Figure[];
  readonly transitions: Measures['transitions'];
  /** The child workflows beside the definition. */
  readonly children: readonly CompiledFiles[];
}

export interface LoadedWorkflow {
  /** The catalogue, where something was found in it, and the definition. */
  readonly texts: readonly ExaminedText[];
  /** False when there is an error among the findings. */
  readonly isValid: boolean;
  /** Absent when there is an error, or a kind of task that this version does not plan. */
  readonly compiled?: CompiledFiles;
}

/** For those who cannot go on without a plan, although nothing is wrong. */
export function requireCompiled({ compiled }: LoadedWorkflow, file: string): CompiledFiles {
  if (compiled) return compiled;
  throw new InvalidRequestError({
    code: 'not_planned',
    message: 'the workflow has tasks of a kind that this version does not plan',
    hint: 'the warnings above name them; `skein validate` checks the rest',
    details: { place: file },
  });
}

/**
 * Files → everything that is known before a run, of the workflow and of the children beside it. Throws InvalidRequestError for files
 * that cannot be read.
 */
export async function loadWorkflow(files: WorkflowFiles, options: LoadOptions): Promise<LoadedWorkflow> {
  const published = lookUpPublished(options.database);
  try {
    return await load(files, options, published);
  } finally {
    published.close();
  }
}

async function load(
  { file, agents }: WorkflowFiles,
  options: LoadOptions,
  published: PublishedLookup,
): Promise<LoadedWorkflow> {
  const { directory, forRun } = options;
  const path = resolve(directory, file);
  const text = readText(path, 'check the path, or write a first workflow with `skein init`');
  const { definition, diagnostics: shape } = parseDefinition({ name: file, text });
  const found = (diagnostics: readonly Diagnostic[]): ExaminedText => ({ name: file, text, diagnostics });
  if (!definition) return { texts: [found(shape)], isValid: false };

  const cataloguePath = agents === undefined ? resolve(dirname(path), 'agents.yaml') : resolve(directory, agents);
  const { catalogue, read } = loadCatalogue(cataloguePath, directory);
  if (!catalogue) return { texts: [read, found(shape)], isValid: false };

  const children = await findChildren(path, definition.workflow.tasks, published);
  const { valid, diagnostics } = validate(definition, { catalogue, forRun, workflows: children.catalogue });
  if (!valid) return { texts: [read, found(diagnostics)], isValid: diagnostics.every(isHarmless) };

  const loaded: LoadedWorkflow[] = [];
  for (const child of children.files) loaded.push(await load({ file: relative(directory, child) }, options, published));
  const plan = planDefinition(valid, { versionOf: (name, version) => children.versionOf(name, version) });
  const machines = partition(plan);
  const measures = measurePartition(machines);
  const all = [...diagnostics, ...measures.diagnostics];
  return {
    texts: [read, found(all), ...loaded.flatMap(({ texts }) => texts)],
    isValid: all.every(isHarmless) && loaded.every(({ isValid }) => isValid),
    compiled: {
      source: definition.source,
      plan,
      machine: machines.root,
      parts: machines.parts,
      agentTypes: valid.agentTypes,
      figures: measures.figures,
      transitions: measures.transitions,
      children: loaded.flatMap(({ compiled }) => compiled ?? []),
    },
  };
}

function isHarmless({ severity }: Diagnostic): boolean {
  return severity !== 'error';
}

function loadCatalogue(path: string, directory: string): { catalogue?: AgentCatalogue; read: ExaminedText } {
  const text = readText(path, 'write an agent catalogue there (`agent_types:`), or name one with --agents');
  const name = relative(directory, path);
  const resolveModule = (module: string): string => resolve(dirname(path), module);
  const { catalogue, diagnostics } = parseAgentCatalogue({ name, text, resolveModule });
  return { read: { name, text, diagnostics }, ...(catalogue && { catalogue }) };
}
