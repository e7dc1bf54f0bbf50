import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AgentCatalogue, AgentType } from '../../../core/agents/index.ts';
import { parseAgentCatalogue, parseDefinition } from '../../../core/definition/index.ts';
import { codes, countDiagnostics, printDiagnostics, type Diagnostic } from '../../../core/diagnostics/index.ts';
import { validate, type KnownWorkflow, type WorkflowCatalogue } from '../../../core/validation/index.ts';
import { expectGolden, goldenCases, goldenFile } from '../../makers/golden.ts';

const suite = 'diagnostics';
const cases = goldenCases(suite);
const goldenOf = (name: string): string => goldenFile(suite, name, 'diagnostics.txt');

/** For cases without a catalogue of their own. */
const catalogue: AgentCatalogue = new Map(
  ['worker', 'supervisor_agent', 'research_agent', 'cloud'].map((name): [string, AgentType] => [
    name,
    name === 'cloud'
      ? { name, runtime: 'lambda', functionArn: name, capabilities: [] }
      : { name, runtime: 'local', module: `/agents/${name}.ts`, capabilities: [] },
  ]),
);

/** What this version executes is shown by these cases only: each version changes it. */
const ofThisVersion = new Set([
  'a catalogue with every runtime',
  'a group, a loop and a child workflow are known',
  'an agent type of a runtime that is not executed',
  'everything that is known and not executed',
  'the founding example of the language is valid',
]);

/** Texts too large to be kept as files: the folder holds what is found in them. */
const built: Readonly<Record<string, () => string>> = {
  'a text of more than 4 MiB': () => `# ${'x'.repeat(4 * 1024 * 1024)}`,
  'a text of more than a million words and signs': () => '\n'.repeat(1_000_001),
  'a text of more than 200,000 entries': () => `[${'1,'.repeat(200_000)}]`,
  'more than 10,000 tasks': () =>
    `workflow:\n  tasks:\n${'    - { id: a }\n'.repeat(9_999)}    - loop: { tasks: [{}, {}] }\n`,
  'more findings than anybody reads': () =>
    `workflow: { ${Array.from({ length: 300 }, (_, n) => `k${n}: 1`).join(', ')} }\n`,
  'more schemas than can be checked in good time': () => {
    const properties = Array.from({ length: 998 }, (_, n) => `k${n}: {}`).join(', ');
    const task = (n: number): string =>
      `    - { id: t${n}, agent: worker, timeout: 60, output: { title: t${n}, properties: { ${properties} } } }\n`;
    const head =
      'workflow:\n  name: w\n  version: "1"\n  owner: { agent: me }\n  timeout: 60\n  agents: { worker: { type: worker } }\n';
    return `${head}  tasks:\n${Array.from({ length: 12 }, (_, n) => task(n)).join('')}`;
  },
};

describe('the findings on a definition', () => {
  it.each(cases)('%s', (name) => {
    expectGolden(goldenOf(name), reportOn(name));
  });

  it('have a case for every code that validation can find', () => {
    const reports = cases.map((name) => readFileSync(goldenOf(name), 'utf8')).join('\n');
    // Only a finished machine, a forecast or the proof of a saga shows these; the press, the forecast and the proof have their tests.
    const ofOthers = ['ASL402', 'ASL403', 'LINT921', 'LINT922', 'VAL240', 'VAL241', 'VAL242'];

    const missing = Object.keys(codes).filter((code) => !reports.includes(` ${code} `) && !ofOthers.includes(code));

    expect(missing).toEqual([]);
  });
});

/** What a check finds, and below it what a run finds where that is something else. */
function reportOn(name: string): string {
  const agents = goldenFile(suite, name, 'agents.yaml');
  if (!existsSync(agents)) return reportWith(name, catalogue);
  const source = { name: 'agents.yaml', text: readFileSync(agents, 'utf8') };
  const found = parseAgentCatalogue({ ...source, resolveModule: (module) => `/agents/${module}` });
  return found.catalogue ? reportWith(name, found.catalogue) : printed(found.diagnostics, source, 'refused');
}

function reportWith(name: string, agentTypes: AgentCatalogue): string {
  const text = built[name]?.() ?? readFileSync(goldenFile(suite, name, 'definition.yaml'), 'utf8');
  const source = { name: 'definition.yaml', text };
  const { definition, diagnostics } = parseDefinition(source);
  if (!definition) return printed(diagnostics, source, 'refused');
  const workflows = workflowsOf(name);
  const report = (forRun: boolean): string => {
    const options = { catalogue: agentTypes, forRun, ...(workflows && { workflows }) };
    const { valid, diagnostics: found } = validate(definition, options);
    const shown = found.filter(({ code }) => code !== 'VAL218' || ofThisVersion.has(name));
    return printed(shown, source, valid ? 'valid' : 'refused');
  };
  const check = report(false);
  return ofThisVersion.has(name) ? `${check}\n--- to run it here and now ---\n\n${report(true)}` : check;
}

/** The workflows that the case's tasks can start, in the order of their versions. */
function workflowsOf(name: string): WorkflowCatalogue | undefined {
  const file = goldenFile(suite, name, 'workflows.json');
  if (!existsSync(file)) return undefined;
  const known = JSON.parse(readFileSync(file, 'utf8')) as KnownWorkflow[];
  return {
    find: (wanted, version) => known.findLast((one) => one.name === wanted && (version ?? one.version) === one.version),
    names: () => known.map((one) => one.name),
  };
}

function printed(diagnostics: readonly Diagnostic[], source: { name: string; text: string }, verdict: string): string {
  const found = countDiagnostics(diagnostics) || 'nothing found';
  return `${printDiagnostics(diagnostics, source)}${diagnostics.length > 0 ? '\n' : ''}${found}: ${verdict}\n`;
}
