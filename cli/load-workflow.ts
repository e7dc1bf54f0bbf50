import { dirname, relative, resolve } from 'node:path';
import { compileParsed, parseText, type MeasuredWorkflow } from '../compiler/index.ts';
import type { AgentCatalogue } from '../core/agents/index.ts';
import { parseAgentCatalogue } from '../core/definition/index.ts';
import type { ExaminedText } from '../core/diagnostics/index.ts';
import type { PlanDefaults } from '../core/plan/index.ts';
import { InvalidRequestError } from '../core/errors/index.ts';
import { loadChildren } from './load-children.ts';
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
  /** For definitions that say nothing; absent: the language's. */
  readonly defaults?: PlanDefaults;
}

export interface CompiledFiles extends MeasuredWorkflow {
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
  const { directory, forRun, defaults = {} } = options;
  const path = resolve(directory, file);
  const parsed = parseText({
    name: file,
    text: readText(path, 'check the path, or write a first workflow with `skein init`'),
  });
  if (!parsed.definition) return { texts: [parsed], isValid: false };

  const cataloguePath = agents === undefined ? resolve(dirname(path), 'agents.yaml') : resolve(directory, agents);
  const { catalogue, read } = loadCatalogue(cataloguePath, directory);
  if (!catalogue) return { texts: [read, parsed], isValid: false };

  const children = await loadChildren(path, parsed.calls, published);
  const { text, isValid, compiled } = compileParsed(parsed, {
    catalogue,
    children: children.catalogue,
    forRun,
    defaults,
  });
  if (!compiled) return { texts: [read, text], isValid };

  const loaded: LoadedWorkflow[] = [];
  for (const child of children.files) loaded.push(await load({ file: relative(directory, child) }, options, published));
  return {
    texts: [read, text, ...loaded.flatMap(({ texts }) => texts)],
    isValid: isValid && loaded.every((child) => child.isValid),
    compiled: { ...compiled, children: loaded.flatMap((child) => child.compiled ?? []) },
  };
}

/** `path` is absolute. Throws InvalidRequestError for a file that cannot be read. */
export function loadCatalogue(path: string, directory: string): { catalogue?: AgentCatalogue; read: ExaminedText } {
  const text = readText(path, 'write an agent catalogue there (`agent_types:`), or name one with --agents');
  const name = relative(directory, path);
  const resolveModule = (module: string): string => resolve(dirname(path), module);
  const { catalogue, diagnostics } = parseAgentCatalogue({ name, text, resolveModule });
  return { read: { name, text, diagnostics }, ...(catalogue && { catalogue }) };
}
