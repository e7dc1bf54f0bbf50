import { canonicalJson, type Json } from '../../../core/json/index.ts';
import { type Press, printScenario, type Scenario } from '../../../simulation/index.ts';
import { simulate, type DistantRuntime } from '../../makers/simulated-engine.ts';
import { allows } from '../../property/allows.ts';
import type { Observed } from '../../property/observed.ts';
import { createStepFunctions } from '../emulator/aws-clients.ts';
import { openBridge, type Bridge } from '../../local/twins/bridge.ts';
import { createStepFunctionsCalls, type StepFunctions } from '../../local/twins/step-functions.ts';
import type { TwinMachines } from '../../local/twins/twin-machines.ts';
import { createTwinRuntime } from '../../local/twins/twin-runtime.ts';
import { differences } from '../../local/twins/visits.ts';

/** Where twins run. */
export interface TwinStage {
  readonly bridge: Bridge;
  readonly stepFunctions: StepFunctions;
  close(): Promise<void>;
}

export async function openTwinStage(endpoint: string): Promise<TwinStage> {
  const client = createStepFunctions(endpoint);
  const bridge = await openBridge(endpoint);
  const close = async (): Promise<void> => {
    await bridge.close();
    client.destroy();
  };
  return { bridge, stepFunctions: createStepFunctionsCalls(client), close };
}

export interface TwinOptions {
  readonly stage: Pick<TwinStage, 'bridge' | 'stepFunctions'>;
  /** Of this run and no other. */
  readonly tenant: string;
  /** What Step Functions is given in place of a machine. */
  readonly distort?: ((machine: Json) => Json) | undefined;
  readonly echo?: boolean | undefined;
}

export interface TwinRunOptions extends TwinOptions {
  readonly press?: Press | undefined;
}

export interface Comparison {
  /** Where Step Functions and the interpreter part, or the rules do not allow what happened. */
  readonly complaints: readonly string[];
  /** Has every task, and the execution, come to the same as in a run on the interpreter alone? */
  readonly isSame: boolean;
  /** Machines beside the first that the workflow was cut into. */
  readonly parts: number;
  /** States that the interpreter has visited. */
  readonly visits: number;
}

/** Runs a scenario's machines on Step Functions and on the interpreter, and the scenario on the interpreter alone. */
export async function runTwin(scenario: Scenario, { press, ...options }: TwinRunOptions): Promise<Comparison> {
  const twin = createTwin({ ...options, echo: scenario.echo });
  const { observed, compiled } = await simulate(scenario, press, twin);
  const { complaints, visits } = await twin.compare();
  const alone = await simulate(scenario, press);
  const all = [...allows(scenario, observed), ...complaints];
  return {
    complaints: all.length > 0 ? [...all, printScenario(scenario)] : [],
    isSame: outcomeOf(observed) === outcomeOf(alone.observed),
    parts: compiled.parts?.length ?? 0,
    visits,
  };
}

interface Twin extends DistantRuntime {
  /** Once its execution has ended. */
  compare(): Promise<Pick<Comparison, 'complaints' | 'visits'>>;
}

export function createTwin({ stage, ...options }: TwinOptions): Twin {
  let machines: TwinMachines | undefined;
  return {
    create(given) {
      const runtime = createTwinRuntime({ ...given, ...options, ...stage });
      machines = runtime.machines;
      return runtime;
    },
    atRest: async () => machines?.atRest(),
    async compare() {
      const twins = (await machines?.ended()) ?? [];
      const found = await Promise.all(twins.map((one) => differences(one, stage.stepFunctions)));
      const visits = twins.flatMap(({ events }) => events).filter(({ type }) => type.endsWith('StateEntered'));
      return { complaints: found.flat(), visits: visits.length };
    },
  };
}

export function outcomeOf({ status, output, tasks }: Observed): string {
  const settled = tasks.map((task) => canonicalJson([task.path, task.status, task.attempts, task.output]));
  return canonicalJson([status, output, ...settled.toSorted()]);
}
