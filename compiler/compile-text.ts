import type { AgentCatalogue, AgentRuntimeKind } from '../core/agents/index.ts';
import { parseDefinition, placeFindings, type Definition } from '../core/definition/index.ts';
import { sortDiagnostics, type Diagnostic, type ExaminedText } from '../core/diagnostics/index.ts';
import { plan as planDefinition, type PlanDefaults } from '../core/plan/index.ts';
import { proveSaga, sagaFindings } from '../core/saga-proof/index.ts';
import { validate, type WorkflowCall, type WorkflowCatalogue } from '../core/validation/index.ts';
import { measurePartition, partition } from '../statemachines/index.ts';
import type { MeasuredWorkflow } from './compiled-workflow.ts';
import { callsOf } from './workflow-calls.ts';

export interface DefinitionText {
  /** For people: a file name. */
  readonly name: string;
  /** YAML or JSON. */
  readonly text: string;
}

export interface CompileContext {
  readonly catalogue: AgentCatalogue;
  /** The workflows that tasks may start; absent: nobody knows them, and a task that starts one is a warning. */
  readonly children?: WorkflowCatalogue;
  /** Agents of these runtimes can be called where it is to run; default: those that the embedded runtime calls. */
  readonly runtimes?: readonly AgentRuntimeKind[];
  /** True: what this version does not execute is an error. */
  readonly forRun: boolean;
  /** For definitions that say nothing; absent: the language's. */
  readonly defaults?: PlanDefaults;
}

export interface CompiledText {
  /** The definition, with all that was found in it. */
  readonly text: ExaminedText;
  /** False when there is an error among the findings. */
  readonly isValid: boolean;
  /** Absent when there is an error, or a kind of task that this version does not plan. */
  readonly compiled?: MeasuredWorkflow;
}

/** A text whose shape was read: what it calls can be looked up before the rest is compiled. */
export interface ParsedText extends DefinitionText {
  readonly diagnostics: readonly Diagnostic[];
  /** Absent: the diagnostics say why. */
  readonly definition?: Definition;
  /** The workflows that its tasks start. */
  readonly calls: readonly WorkflowCall[];
}

/** Never throws, whatever the text. */
export function parseText({ name, text }: DefinitionText): ParsedText {
  const { definition, diagnostics } = parseDefinition({ name, text });
  const calls = definition ? callsOf(definition.workflow.tasks) : [];
  return { name, text, diagnostics, calls, ...(definition && { definition }) };
}

/** Definition text → all that is known of the workflow before a run. Never throws for what the text says. */
export function compileText(source: DefinitionText, context: CompileContext): CompiledText {
  return compileParsed(parseText(source), context);
}

/** As compileText, for who has parsed the text before to look up its children. */
export function compileParsed(parsed: ParsedText, context: CompileContext): CompiledText {
  const { name, text, definition } = parsed;
  const { children, defaults = {}, ...options } = context;
  const found = (diagnostics: readonly Diagnostic[]): Omit<CompiledText, 'compiled'> => ({
    text: { name, text, diagnostics },
    isValid: diagnostics.every(({ severity }) => severity !== 'error'),
  });
  if (!definition) return { ...found(parsed.diagnostics), isValid: false };

  const { valid, diagnostics } = validate(definition, { ...options, ...(children && { workflows: children }) });
  if (!valid) return found(diagnostics);

  const plan = planDefinition(valid, {
    versionOf: (child, version) => children?.find(child, version)?.version,
    defaults,
  });
  const machines = partition(plan);
  const measures = measurePartition(machines);
  const saga = proveSaga(definition.workflow, plan);
  const gaps = saga ? placeFindings(definition.source, [sagaFindings(saga)]) : [];
  return {
    ...found([...sortDiagnostics([...diagnostics, ...gaps]), ...measures.diagnostics]),
    compiled: {
      source: definition.source,
      plan,
      machine: machines.root,
      parts: machines.parts,
      agentTypes: valid.agentTypes,
      figures: measures.figures,
      transitions: measures.transitions,
      ...(saga && { saga }),
    },
  };
}
