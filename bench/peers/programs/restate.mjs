// Restate's client and handlers, in its own words: `ctx.run` records a closure's result, a call of a service is an invocation of its own.
import * as restate from '@restatedev/restate-sdk';
import { connect } from '@restatedev/restate-sdk-clients';
import { serve, work } from '../program-protocol.ts';
import { layersOf } from '../schedules.ts';

const { adminPort, ingressPort, servicePort, mode } = JSON.parse(process.argv[2]);
let tasks = [];

const task = restate.service({ name: 'task', handlers: { run: async (_ctx, { ms }) => work({ ms }) } });
const startTask = {
  layers: (ctx, one) => ctx.run(one.id, () => work(one)),
  dependencies: (ctx, one) => ctx.run(one.id, () => work(one)),
  calls: (ctx, one) => ctx.serviceClient(task).run({ ms: one.ms }),
}[mode];

async function byLayers(ctx) {
  for (const layer of layersOf(tasks)) await restate.RestatePromise.all(layer.map((one) => startTask(ctx, one)));
}

/** Races what runs, as its manual asks for: the order in which promises end is then recorded and the same when the handler is run again. */
async function byDependency(ctx) {
  const waitsFor = new Map(tasks.map(({ id, deps }) => [id, deps.length]));
  const followers = new Map(tasks.map(({ id }) => [id, []]));
  for (const one of tasks) for (const id of one.deps) followers.get(id).push(one);
  const running = new Map();
  const start = (one) =>
    running.set(
      one.id,
      startTask(ctx, one).map(() => one.id),
    );
  tasks.filter(({ deps }) => deps.length === 0).forEach(start);
  while (running.size > 0) {
    const ended = await restate.RestatePromise.race([...running.values()]);
    running.delete(ended);
    for (const one of followers.get(ended)) {
      waitsFor.set(one.id, waitsFor.get(one.id) - 1);
      if (waitsFor.get(one.id) === 0) start(one);
    }
  }
}

const graph = restate.workflow({
  name: 'graph',
  handlers: { run: mode === 'layers' ? byLayers : byDependency },
});

await restate.serve({ services: [task, graph], port: servicePort });
const registered = await fetch(`http://127.0.0.1:${adminPort}/deployments`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ uri: `http://127.0.0.1:${servicePort}` }),
});
if (!registered.ok) throw new Error(await registered.text());
const client = connect({ url: `http://127.0.0.1:${ingressPort}` });

let runs = 0;
serve(async (loaded) => {
  tasks = loaded.tasks;
  const workflow = client.workflowClient(graph, `run-${(runs += 1)}`);
  return async () => {
    await workflow.workflowSubmit();
    await workflow.workflowAttach();
  };
});
