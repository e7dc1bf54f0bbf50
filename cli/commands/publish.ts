import { requireModules } from '../agent-modules.ts';
import { loadWorkflow, requireCompiled } from '../load-workflow.ts';
import { databasePath } from '../open-database.ts';
import { deploymentOf, withPlaceOptions } from '../place.ts';
import { refuseFindings } from '../report-findings.ts';
import { reportPublication } from '../report-publication.ts';
import { planDefaults } from '../settings.ts';
import { exitCodes, type Verb } from '../verb.ts';

export const publishVerb: Verb = {
  name: 'publish',
  summary: 'publish a version of a workflow, so that others can run it as their child',
  example: 'skein publish deep-scan.yaml',
  declare: (command) =>
    withPlaceOptions(command)
      .argument('<file>', 'the definition, YAML or JSON')
      .option('--agents <file>', 'the agent catalogue; default: agents.yaml beside the definition')
      .option('--json', 'print what was published as JSON'),

  async run(command, surroundings) {
    const { directory } = surroundings;
    const [file = ''] = command.args;
    const { agents, json = false } = command.opts<{ agents?: string; json?: boolean }>();
    const files = { file, ...(agents !== undefined && { agents }) };
    const deployment = await deploymentOf(command, surroundings);
    if (deployment) {
      const { publishInDeployment } = await import('../remote/run-remotely.ts');
      return publishInDeployment(deployment, files, json, surroundings);
    }
    const database = databasePath(command, surroundings);
    const loaded = await loadWorkflow(files, {
      directory,
      forRun: true,
      database,
      defaults: planDefaults(surroundings),
    });
    if (!loaded.isValid) return refuseFindings(loaded, json, surroundings);
    const compiled = requireCompiled(loaded, file);
    requireModules(compiled);
    const { publishInto } = await import('../../local/index.ts');
    const { published, isNew } = await publishInto(database, compiled);
    const { name, version, digest, publishedAt } = published;
    reportPublication({ name, version, digest, publishedAt, isNew }, json, surroundings);
    return exitCodes.ok;
  },
};
