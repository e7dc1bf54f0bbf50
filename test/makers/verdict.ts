import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AgentCatalogue, AgentType } from '../../core/agents/index.ts';
import { parseAgentCatalogue, parseDefinition, placeFindings } from '../../core/definition/index.ts';
import {
  diagnostic,
  diagnosticRows,
  printDiagnostics,
  sarifLog,
  type Diagnostic,
} from '../../core/diagnostics/index.ts';
import { estimate, knownDurations } from '../../core/forecast/index.ts';
import { digestOfText } from '../../core/json/index.ts';
import { plan } from '../../core/plan/index.ts';
import { proveSaga, sagaFindings } from '../../core/saga-proof/index.ts';
import { validate, type WorkflowCatalogue } from '../../core/validation/index.ts';
import { link, lower, measure, type Machine } from '../../statemachines/index.ts';

/** What became of a text. */
export interface Verdict {
  readonly outcome: 'refused' | 'planned' | 'too large for a machine';
  /** Codes of all findings, each once, sorted. */
  readonly codes: readonly string[];
  /** Of everything that was found and compiled: equal texts, equal digests. */
  readonly digest: string;
}

export interface Timed<Value> {
  readonly value: Value;
  /** Milliseconds: until the text was a definition, and for all that came after. */
  readonly read: number;
  readonly rest: number;
}

/** Every agent type that the documents name. `picky` and those of the examples have schemas, so that the wiring is checked as well. */
const catalogue: AgentCatalogue = new Map<string, AgentType>([
  ...['worker', 'supervisor_agent', 'research_agent'].map((name): [string, AgentType] => [name, localType(name)]),
  [
    'picky',
    {
      ...localType('picky'),
      input: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } },
      output: { type: 'object', required: ['ok'], properties: { ok: { type: 'boolean' } } },
    },
  ],
  ['person', { name: 'person', runtime: 'human', capabilities: [] }],
  ['cloud', { name: 'cloud', runtime: 'lambda', functionArn: 'cloud', capabilities: [] }],
  ...examplesTypes(),
]);

function localType(name: string): AgentType {
  return { name, runtime: 'local', module: `/${name}.ts`, capabilities: ['lint', 'web_search', 'data_collection'] };
}

function examplesTypes(): readonly (readonly [string, AgentType])[] {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  return globSync(['examples/*/agents.yaml', 'cli/templates/*/agents.yaml'], { cwd: root })
    .sort()
    .flatMap((name) => {
      const text = readFileSync(root + name, 'utf8');
      return [...(parseAgentCatalogue({ name, text, resolveModule: (module) => module }).catalogue ?? [])];
    });
}

/** Whatever is named can be started, but for `nobody`; `deep5` starts `deep4`, and so on. */
const workflows: WorkflowCatalogue = {
  find: (name, version = '1') => {
    const depth = Number(/^deep(\d+)$/.exec(name)?.[1] ?? 0);
    const calls = depth > 0 ? [{ name: `deep${depth - 1}`, version: '1' }] : [];
    return name === 'nobody' ? undefined : { name, version, calls };
  },
  names: () => ['nobodies', 'child'],
};

/** All that a command does with the text of a definition, short of running it: read, validate, plan, lower, measure, forecast, link, print. */
export function judgeDefinition(text: string): Timed<Verdict> {
  const started = performance.now();
  const { definition, diagnostics } = parseDefinition({ name: 'definition.yaml', text });
  const read = performance.now();
  const { found, machine, outcome } = definition
    ? compile(definition)
    : { found: diagnostics, machine: undefined, outcome: 'refused' as const };
  const value = verdictOf({ text, outcome, found, machine });
  return { value, read: read - started, rest: performance.now() - read };
}

/** As judgeDefinition, for the text of an agent catalogue. */
export function judgeCatalogue(text: string): Timed<Verdict> {
  const started = performance.now();
  const { catalogue: parsed, diagnostics: found } = parseAgentCatalogue({
    name: 'agents.yaml',
    text,
    resolveModule: (module) => `/agents/${module}`,
  });
  const read = performance.now();
  const value = verdictOf({ text, outcome: parsed ? 'planned' : 'refused', found, machine: undefined });
  return { value, read: read - started, rest: performance.now() - read };
}

interface Findings {
  readonly outcome: Verdict['outcome'];
  readonly found: readonly Diagnostic[];
  readonly machine: Machine | undefined;
}

function compile(definition: NonNullable<ReturnType<typeof parseDefinition>['definition']>): Findings {
  const { valid, diagnostics } = validate(definition, { catalogue, forRun: false, workflows });
  if (!valid) return { outcome: 'refused', found: diagnostics, machine: undefined };
  const planned = plan(valid, { versionOf: (_name, version) => version ?? '1' });
  const machine = lower(planned);
  const measures = measure(machine);
  const { name: workflow, version } = planned.workflow;
  const targets = { begin: 'begin', dispatch: 'dispatch', conclude: 'conclude', tenant: 'tenant', workflow, version };
  const { agentTypes } = valid;
  const durations = knownDurations(new Map());
  const forecast = estimate({ plan: planned, agentTypes, durations, transitions: measures.transitions });
  const advice = forecast.findings.map(({ code, message, path }) =>
    diagnostic(code, { message, path: path.join('.') }),
  );
  const saga = proveSaga(definition.workflow, planned);
  const gaps = saga ? placeFindings(definition.source, [sagaFindings(saga)]) : [];
  const fits = measures.diagnostics.every(({ severity }) => severity !== 'error');
  return {
    outcome: fits ? 'planned' : 'too large for a machine',
    found: [...diagnostics, ...measures.diagnostics, ...advice, ...gaps],
    machine: link(machine, targets),
  };
}

/** Every printer reads the findings as well: what they print must not end them either. */
function verdictOf({ text, outcome, found, machine }: Findings & { readonly text: string }): Verdict {
  const source = { name: 'definition.yaml', text };
  const printed = [
    printDiagnostics(found, source),
    JSON.stringify(diagnosticRows(found, source.name)),
    JSON.stringify(sarifLog([{ ...source, diagnostics: found }], { version: '0' })['runs']),
    machine ? JSON.stringify(machine) : '',
  ];
  return {
    outcome,
    codes: [...new Set(found.map(({ code }) => code))].sort(),
    digest: digestOfText(printed.join('\n')),
  };
}
