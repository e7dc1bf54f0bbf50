import { placeFindings } from '../../core/definition/index.ts';
import { sortDiagnostics } from '../../core/diagnostics/index.ts';
import { prices } from '../../core/forecast/index.ts';
import { forecastOf } from '../forecast-workflow.ts';
import { loadWorkflow, requireCompiled, type LoadedWorkflow } from '../load-workflow.ts';
import { databaseOf, withDatabaseOption } from '../open-database.ts';
import { findingsOf, reportFindings } from '../report-findings.ts';
import { renderPlan, type Forecast } from '../render/plan-report.ts';
import { styleFor } from '../render/style.ts';
import { planDefaults } from '../settings.ts';
import { exitCodes, type Verb } from '../verb.ts';

interface Options {
  readonly agents?: string;
  readonly durations?: string;
  readonly observed?: boolean;
  readonly json?: boolean;
}

export const planVerb: Verb = {
  name: 'plan',
  summary: "show a workflow's graph, and what an execution needs: agents, time, money, room in Step Functions",
  example: 'skein plan workflow.yaml --observed',
  declare: (command) =>
    withDatabaseOption(command, ', where child workflows are looked for')
      .argument('<file>', 'the definition, YAML or JSON')
      .option('--agents <file>', 'the agent catalogue; default: agents.yaml beside the definition')
      .option('--durations <file>', 'how long tasks take: JSON with seconds by task id')
      .option('--observed', 'take how long tasks took in past executions: the medians of the database')
      .option('--json', 'print the plan and all figures as JSON'),

  async run(command, surroundings) {
    const { out, err, environment, directory } = surroundings;
    const [file = ''] = command.args;
    const { agents, durations, observed, json } = command.opts<Options>();
    const loaded = await loadWorkflow(
      { file, ...(agents !== undefined && { agents }) },
      {
        directory,
        forRun: false,
        database: databaseOf(command, surroundings),
        defaults: planDefaults(surroundings),
      },
    );
    const { compiled } = loaded;
    const forecast = compiled && (await forecastOf(compiled, { command, surroundings, durations, observed }));
    const found = withFindings(loaded, forecast);
    const exitCode = found.isValid ? exitCodes.ok : exitCodes.workflow;
    if (json) {
      out.write(`${JSON.stringify(jsonOf(found, forecast), null, 2)}\n`);
      return exitCode;
    }
    reportFindings(found, err, environment);
    if (!forecast && !found.isValid) return exitCode;
    const { plan } = requireCompiled(found, file);
    if (forecast) out.write(renderPlan(plan, forecast, { columns: out.columns, style: styleFor(out, environment) }));
    return exitCode;
  },
};

/** The forecast's findings stand with those on the definition. */
function withFindings(loaded: LoadedWorkflow, forecast: Forecast | undefined): LoadedWorkflow {
  const { source } = loaded.compiled ?? {};
  if (!source || !forecast) return loaded;
  const found = placeFindings(source, [forecast.estimate.findings]);
  const texts = loaded.texts.map((text) =>
    text.name === source.name ? { ...text, diagnostics: sortDiagnostics([...text.diagnostics, ...found]) } : text,
  );
  return { ...loaded, texts };
}

/** The names that users of the API know are those of the requirements; what has no bound is null. */
function jsonOf(loaded: LoadedWorkflow, forecast: Forecast | undefined) {
  const { allocatedAgents, resources, makespan, duration, cost, calls, depth } = forecast?.estimate ?? {};
  return {
    valid: loaded.isValid,
    plan: loaded.compiled?.plan,
    figures: forecast?.figures,
    transitions: loaded.compiled?.transitions,
    allocated_agents: allocatedAgents,
    estimated_resources: resources,
    makespan,
    duration,
    cost: cost && { ...cost, prices: prices.rows },
    calls,
    depth,
    saga: forecast?.saga,
    diagnostics: findingsOf(loaded),
  };
}
