import { requireModules } from '../agent-modules.ts';
import { loadWorkflow, requireCompiled } from '../load-workflow.ts';
import { databasePath, withDatabaseOption } from '../open-database.ts';
import { refuseFindings } from '../report-findings.ts';
import { styleFor } from '../render/style.ts';
import { exitCodes, type Verb } from '../verb.ts';

export const publishVerb: Verb = {
  name: 'publish',
  summary: 'publish a version of a workflow, so that others can run it as their child',
  example: 'skein publish deep-scan.yaml',
  declare: (command) =>
    withDatabaseOption(command)
      .argument('<file>', 'the definition, YAML or JSON')
      .option('--agents <file>', 'the agent catalogue; default: agents.yaml beside the definition')
      .option('--json', 'print what was published as JSON'),

  async run(command, surroundings) {
    const { out, environment, directory } = surroundings;
    const [file = ''] = command.args;
    const { agents, json = false } = command.opts<{ agents?: string; json?: boolean }>();
    const database = databasePath(command, surroundings);
    const loaded = await loadWorkflow(
      { file, ...(agents !== undefined && { agents }) },
      { directory, forRun: true, database },
    );
    if (!loaded.isValid) return refuseFindings(loaded, json, surroundings);
    const compiled = requireCompiled(loaded, file);
    requireModules(compiled);
    const { publishInto } = await import('../../local/index.ts');
    const { published, isNew } = await publishInto(database, compiled);
    const { name, version, digest, publishedAt } = published;
    if (json) out.write(`${JSON.stringify({ name, version, digest, publishedAt, isNew }, null, 2)}\n`);
    else {
      const said = isNew ? styleFor(out, environment)('good', 'published') : 'published before, with the same content:';
      out.write(`${said} ${name} ${version}\n`);
    }
    return exitCodes.ok;
  },
};
