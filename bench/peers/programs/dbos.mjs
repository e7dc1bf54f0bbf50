// DBOS in its own words: a workflow whose steps are recorded in PostgreSQL by the process that runs them.
import { DBOS } from '@dbos-inc/dbos-sdk';
import { serve, work } from '../program-protocol.ts';
import { byDependency, layersOf } from '../schedules.ts';

const { databaseUrl, mode } = JSON.parse(process.argv[2]);
let tasks = [];

const runStep = (one) => DBOS.runStep(() => work(one), { name: one.id });

async function byLayers() {
  for (const layer of layersOf(tasks)) await Promise.all(layer.map(runStep));
}

const graph = DBOS.registerWorkflow(mode === 'layers' ? byLayers : () => byDependency(tasks, runStep), {
  name: 'graph',
});

DBOS.setConfig({ name: 'bench', systemDatabaseUrl: databaseUrl, runAdminServer: false, logLevel: 'error' });
await DBOS.launch();

serve(async (loaded) => {
  tasks = loaded.tasks;
  return async () => (await DBOS.startWorkflow(graph)()).getResult();
});
