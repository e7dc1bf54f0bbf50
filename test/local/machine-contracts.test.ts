import { createMemoryDefinitionStore } from '../../adapters/embedded/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { Json, JsonObject } from '../../core/json/index.ts';
import type { Plan } from '../../core/plan/index.ts';
import type { Engine } from '../../engine/index.ts';
import { createEmbeddedMachines } from '../../local/machines.ts';
import { machineRunnerContract } from '../contract/machine-runner.contract.ts';
import { taskTokensContract } from '../contract/task-tokens.contract.ts';
import { createSimulatedWorld } from '../makers/simulated-world.ts';

const version = { name: 'w', version: '1' };

/** One state, which waits with a token; its error is told, so that somebody who looks can see it. */
const machine: JsonObject = {
  QueryLanguage: 'JSONata',
  StartAt: 'wait',
  States: {
    wait: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: {
        FunctionName: 'dispatch-task',
        Payload: {
          execution: '{% $states.context.Execution.Name %}',
          task: 'wait',
          token: '{% $states.context.Task.Token %}',
        },
      },
      Output: '{% {"output": $states.result} %}',
      Catch: [
        {
          ErrorEquals: ['States.ALL'],
          Output: '{% {"error": $states.errorOutput.Error, "cause": $states.errorOutput.Cause} %}',
          Next: 'told',
        },
      ],
      End: true,
    },
    told: { Type: 'Succeed' },
  },
};

function openMachines() {
  const world = createSimulatedWorld({
    createAgents: () => {
      throw new Error('no agents here');
    },
  });
  const definitions = createMemoryDefinitionStore();
  const begun: ExecutionId[] = [];
  const tokens = new Map<ExecutionId, string>();
  const ends = new Map<ExecutionId, { readonly status: string; readonly output?: Json }>();
  const engine: Pick<Engine, 'dispatch'> = {
    dispatch: async ({ execution, token }) => {
      begun.push(execution);
      tokens.set(execution, token);
    },
  };
  const machines = createEmbeddedMachines({
    ...world,
    random: () => 0.5,
    engineId: 'eng_1',
    definitions,
    // The machine calls nothing else.
    engine: () => engine as Engine,
    onEnd: (execution, result) => void ends.set(execution, result),
  });
  // Stores keep plans and never look into them.
  const plan = {} as unknown as Plan;
  const published = definitions.publish({ ...version, digest: 'd', plan, machine, agentTypes: {}, publishedAt: 0 });
  const quiet = async (): Promise<void> => {
    let turns = 0;
    world.schedule(world.clock.now() + 1, () => (turns = 50));
    await world.runUntil(() => turns > 0);
  };
  return { machines, published, begun, tokens, ends, quiet };
}

machineRunnerContract('createEmbeddedMachines', async () => {
  const { machines, published, begun, tokens, ends, quiet } = openMachines();
  await published;
  return {
    version,
    begun,
    runner: {
      start: async (...args) => {
        await machines.start(...args);
        await quiet();
      },
      stop: async (...args) => {
        await machines.stop(...args);
        await quiet();
      },
    },
    goOn: async (execution) => {
      await machines.tokens.succeed(tokens.get(execution) ?? '', {});
      await quiet();
    },
    status: async (execution) => ends.get(execution)?.status ?? (tokens.has(execution) ? 'RUNNING' : undefined),
  };
});

taskTokensContract("createEmbeddedMachines' tokens", () => {
  const { machines, published, tokens, ends, quiet } = openMachines();
  let count = 0;
  const owner = (token: string) => [...tokens].find(([, its]) => its === token)?.[0];
  return {
    tokens: machines.tokens,
    async wait() {
      await published;
      const execution = `exec_${(count += 1)}` as ExecutionId;
      await machines.start(execution, version, {});
      await quiet();
      return tokens.get(execution) ?? '';
    },
    async ended(token) {
      await quiet();
      return ends.get(owner(token) as ExecutionId)?.output;
    },
  };
});
