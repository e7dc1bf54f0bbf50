// Temporal's client and worker, in its own words: a workflow that calls an activity for each task.
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { serve, work } from '../program-protocol.ts';

const { address, mode } = JSON.parse(process.argv[2]);
const taskQueue = 'bench';

Runtime.install({ logger: new DefaultLogger('ERROR') });
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  taskQueue,
  workflowsPath: fileURLToPath(new URL('./temporal-workflow.mjs', import.meta.url)),
  activities: { work },
});
void worker.run();
const client = new Client({ connection: await Connection.connect({ address }) });

let runs = 0;
serve(async ({ tasks }) => {
  const workflowId = `run-${(runs += 1)}`;
  return () => client.workflow.execute('graph', { taskQueue, workflowId, args: [tasks, mode] });
});
