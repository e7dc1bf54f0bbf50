import { createHash } from 'node:crypto';
import { createChance } from '../../../core/chance/index.ts';
import type { SkeinEvent } from '../../../core/execution/index.ts';
import { createEmbeddedRuntime, createMemoryStores } from '../../../local/index.ts';
import { answerWait, compileExample, type ExampleWorkflow } from '../../makers/example-workflows.ts';
import { createPlaces, observe, type Places } from '../../makers/observe.ts';
import { answerTo } from '../../../simulation/index.ts';
import type { DistantRuntime } from '../../makers/simulated-engine.ts';
import { createSimulatedWorld, type SimulatedWorld } from '../../makers/simulated-world.ts';
import type { Observed } from '../../property/observed.ts';

/** Milliseconds that each agent works. */
const WORK = 1_000;

/** Runs an example once; its agents, people among them, answer what their schemas allow: the same in each run. */
export async function runExample(workflow: ExampleWorkflow, distant?: DistantRuntime): Promise<Observed> {
  const stores = createMemoryStores('examples');
  const places = createPlaces();
  const world = worldThatAnswers(workflow, places, distant);
  const runtime = (distant?.create ?? createEmbeddedRuntime)({ stores, world });
  const happened: SkeinEvent[] = [];
  runtime.subscribe((events) => {
    places.hear(events);
    happened.push(...events);
    for (const event of events) answerWait(event, runtime, world);
  });
  const version = await runtime.publish(await compileExample(workflow, runtime));
  const input = answerTo(workflow.document.input ?? {}, chanceOf(workflow.name));
  const execution = await runtime.start({ ...version, input });
  const startedAt = world.clock.now();
  const ended = runtime.whenEnded(execution);
  let isOver = false;
  const over = () => void (isOver = true);
  ended.then(over, over);
  await world.runUntil(() => isOver);
  await ended;
  return await observe({ stores, places, happened, startedAt }, execution, []);
}

function worldThatAnswers({ name }: ExampleWorkflow, places: Places, distant?: DistantRuntime): SimulatedWorld {
  return createSimulatedWorld({
    ...(distant && { atRest: () => distant.atRest() }),
    createAgents: (world, answers) => ({
      async call({ handle, agentType, execution, path, attempt }) {
        const chance = chanceOf(`${name} ${places.find(execution, path)} ${attempt}`);
        const answer = answerTo(agentType.output ?? {}, chance);
        world.schedule(world.clock.now() + WORK, () => void answers.complete(handle, answer));
      },
      cancel: async () => undefined,
      capacity: () => undefined,
      outlivesEngine: () => false,
    }),
  });
}

/** Does not depend on what is asked first. */
function chanceOf(text: string): () => number {
  return createChance(createHash('sha256').update(text).digest().readUInt32LE());
}
