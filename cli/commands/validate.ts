import { loadWorkflow } from '../load-workflow.ts';
import { findingsOf, reportFindings } from '../report-findings.ts';
import { counted } from '../render/numbers.ts';
import { styleFor } from '../render/style.ts';
import { exitCodes, type Verb } from '../verb.ts';

export const validateVerb: Verb = {
  name: 'validate',
  summary: 'find what is wrong with a workflow, with place and fix',
  declare: (command) =>
    command
      .argument('<file>', 'the definition, YAML or JSON')
      .option('--agents <file>', 'the agent catalogue; default: agents.yaml beside the definition')
      .option('--json', 'print the findings as JSON'),

  async run(command, surroundings) {
    const { out, environment, directory } = surroundings;
    const [file = ''] = command.args;
    const { agents, json } = command.opts<{ agents?: string; json?: boolean }>();
    const loaded = loadWorkflow({ file, ...(agents !== undefined && { agents }) }, { directory, forRun: false });
    if (json) {
      out.write(`${JSON.stringify({ valid: loaded.isValid, diagnostics: findingsOf(loaded) }, null, 2)}\n`);
    } else {
      reportFindings(loaded, out, environment);
      const style = styleFor(out, environment);
      const tasks = loaded.compiled ? `, ${counted(loaded.compiled.plan.tasks.length, 'task')}` : '';
      if (loaded.isValid) out.write(`${style('good', 'valid')} ${file}${tasks}\n`);
    }
    return loaded.isValid ? exitCodes.ok : exitCodes.workflow;
  },
};
