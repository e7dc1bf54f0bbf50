import { loadWorkflow, requireCompiled } from '../load-workflow.ts';
import { databaseOf, withDatabaseOption } from '../open-database.ts';
import { findingsOf, reportFindings } from '../report-findings.ts';
import { renderPlan } from '../render/plan-report.ts';
import { styleFor } from '../render/style.ts';
import { exitCodes, type Verb } from '../verb.ts';

export const planVerb: Verb = {
  name: 'plan',
  summary: "show a workflow's graph, its critical path and the size of its machine",
  example: 'skein plan workflow.yaml',
  declare: (command) =>
    withDatabaseOption(command, ', where child workflows are looked for')
      .argument('<file>', 'the definition, YAML or JSON')
      .option('--agents <file>', 'the agent catalogue; default: agents.yaml beside the definition')
      .option('--json', 'print the plan as JSON'),

  async run(command, surroundings) {
    const { out, err, environment, directory } = surroundings;
    const [file = ''] = command.args;
    const { agents, json } = command.opts<{ agents?: string; json?: boolean }>();
    const loaded = await loadWorkflow(
      { file, ...(agents !== undefined && { agents }) },
      { directory, forRun: false, database: databaseOf(command, surroundings) },
    );
    const { compiled, isValid } = loaded;
    if (json) {
      const answer = {
        valid: isValid,
        plan: compiled?.plan,
        figures: compiled?.figures,
        diagnostics: findingsOf(loaded),
      };
      out.write(`${JSON.stringify(answer, null, 2)}\n`);
      return isValid ? exitCodes.ok : exitCodes.workflow;
    }
    reportFindings(loaded, err, environment);
    if (!isValid && !compiled) return exitCodes.workflow;
    const { plan, figures } = requireCompiled(loaded, file);
    out.write(renderPlan(plan, figures, { columns: out.columns, style: styleFor(out, environment) }));
    return isValid ? exitCodes.ok : exitCodes.workflow;
  },
};
