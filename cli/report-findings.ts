import {
  countDiagnostics,
  diagnosticRows,
  printDiagnostics,
  type DiagnosticRow,
  type Paint,
  type PrintedPart,
} from '../core/diagnostics/index.ts';
import type { LoadedWorkflow } from './load-workflow.ts';
import { styleFor, type Meaning } from './render/style.ts';
import type { Outlet, Surroundings } from './surroundings.ts';
import { exitCodes, type ExitCode } from './verb.ts';

const meanings: Readonly<Record<PrintedPart, Meaning>> = {
  error: 'bad',
  warning: 'warning',
  advice: 'active',
  place: 'heading',
  source: 'quiet',
  caret: 'bad',
  hint: 'good',
};

/** Prints what was found in a workflow's files, each finding with its source line, and how many there are. */
export function reportFindings(
  { texts }: LoadedWorkflow,
  outlet: Outlet,
  environment: Surroundings['environment'],
): void {
  const style = styleFor(outlet, environment);
  const paint: Paint = (part, text) => style(meanings[part], text);
  const reports = texts
    .filter(({ diagnostics }) => diagnostics.length > 0)
    .map(({ name, text, diagnostics }) => printDiagnostics(diagnostics, { name, text, paint }));
  if (reports.length === 0) return;
  const count = countDiagnostics(texts.flatMap(({ diagnostics }) => diagnostics));
  outlet.write(`${reports.join('\n')}\n${style('heading', count)}\n`);
}

/** All findings, each with the file that it is about. */
export function findingsOf({ texts }: LoadedWorkflow): DiagnosticRow[] {
  return texts.flatMap(({ name, diagnostics }) => diagnosticRows(diagnostics, name));
}

/** For a verb that needs a workflow without an error: prints what keeps it from its work. */
export function refuseFindings(
  loaded: LoadedWorkflow,
  json: boolean,
  { out, err, environment }: Surroundings,
): ExitCode {
  if (json) out.write(`${JSON.stringify({ valid: false, diagnostics: findingsOf(loaded) }, null, 2)}\n`);
  else reportFindings(loaded, err, environment);
  return exitCodes.workflow;
}
