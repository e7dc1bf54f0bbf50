import { Option } from 'commander';
import { sarifLog } from '../../core/diagnostics/index.ts';
import { assertNever } from '../../core/errors/index.ts';
import { loadWorkflow, type LoadedWorkflow } from '../load-workflow.ts';
import { databaseOf, withDatabaseOption } from '../open-database.ts';
import { programVersion } from '../program-version.ts';
import { findingsOf, reportFindings } from '../report-findings.ts';
import { counted } from '../render/numbers.ts';
import { styleFor } from '../render/style.ts';
import type { Surroundings } from '../surroundings.ts';
import { exitCodes, type Verb } from '../verb.ts';

const formats = ['text', 'json', 'sarif'] as const;

interface Options {
  readonly agents?: string;
  readonly format: (typeof formats)[number];
  readonly json?: boolean;
}

export const validateVerb: Verb = {
  name: 'validate',
  summary: 'find what is wrong with a workflow, with place and fix',
  example: 'skein validate workflow.yaml --format sarif > findings.sarif',
  declare: (command) =>
    withDatabaseOption(command, ', where child workflows are looked for')
      .argument('<file>', 'the definition, YAML or JSON')
      .option('--agents <file>', 'the agent catalogue; default: agents.yaml beside the definition')
      .addOption(formatOption())
      .option('--json', 'the same as --format json'),

  async run(command, surroundings) {
    const [file = ''] = command.args;
    const { agents, format, json } = command.opts<Options>();
    const { directory } = surroundings;
    const loaded = await loadWorkflow(
      { file, ...(agents !== undefined && { agents }) },
      { directory, forRun: false, database: databaseOf(command, surroundings) },
    );
    report(loaded, json ? 'json' : format, file, surroundings);
    return loaded.isValid ? exitCodes.ok : exitCodes.workflow;
  },
};

function formatOption(): Option {
  return new Option(
    '--format <format>',
    'how the findings are printed; sarif is SARIF 2.1.0, for editors and code hosts',
  )
    .choices(formats)
    .default('text')
    .conflicts('json');
}

function report(
  loaded: LoadedWorkflow,
  format: Options['format'],
  file: string,
  { out, environment }: Surroundings,
): void {
  const print = (value: unknown): void => out.write(`${JSON.stringify(value, null, 2)}\n`);
  switch (format) {
    case 'json':
      print({ valid: loaded.isValid, diagnostics: findingsOf(loaded) });
      break;
    case 'sarif':
      print(sarifLog(loaded.texts, { version: programVersion() }));
      break;
    case 'text': {
      reportFindings(loaded, out, environment);
      const tasks = loaded.compiled ? `, ${counted(loaded.compiled.plan.tasks.length, 'task')}` : '';
      if (loaded.isValid) out.write(`${styleFor(out, environment)('good', 'valid')} ${file}${tasks}\n`);
      break;
    }
    default:
      assertNever(format, 'a format of findings');
  }
}
