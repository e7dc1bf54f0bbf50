import { publishedVersion, type CompiledWorkflow } from '../../../compiler/index.ts';
import type { Json } from '../../../core/json/index.ts';
import type { Bridge } from './bridge.ts';
import type { StepFunctions } from './step-functions.ts';

interface Version {
  readonly name: string;
  readonly version: string;
}

/** ARNs of the machines of a version. */
export interface MadeMachines {
  readonly root: string;
  readonly parts: readonly string[];
}

export interface DistantMachines {
  /** Links a compiled workflow to the bridge, and creates its machines. */
  make(compiled: CompiledWorkflow, version: string): Promise<void>;
  find(version: Version): MadeMachines;
}

interface DistantMachinesDeps {
  readonly tenant: string;
  readonly bridge: Bridge;
  readonly stepFunctions: StepFunctions;
  /** What Step Functions is given in place of a machine: to see that a difference is seen. */
  readonly distort?: ((machine: Json) => Json) | undefined;
}

/** Characters of a machine's name at the most. */
const LONGEST_NAME = 80;

export function createDistantMachines({
  tenant,
  bridge,
  stepFunctions,
  distort,
}: DistantMachinesDeps): DistantMachines {
  const made = new Map<string, MadeMachines>();
  const keyOf = ({ name, version }: Version): string => `${name}\n${version}`;
  return {
    async make(compiled, version) {
      const { name } = compiled.plan.workflow;
      const parts: string[] = [];
      const linked = () =>
        publishedVersion(
          compiled,
          { tenant, now: 0, functions: bridge.functions, partName: (_version, number) => parts[number] ?? '' },
          version,
        );
      const create = (machine: Json | undefined): Promise<string> =>
        stepFunctions.create(`${tenant}-${made.size}-${parts.length}-${name}`.slice(0, LONGEST_NAME), machine ?? null);
      // A part starts only such as come before it, so those are there.
      for (const number of (compiled.parts ?? []).keys()) parts.push(await create(linked().parts?.[number]));
      const { machine } = linked();
      made.set(keyOf({ name, version }), { root: await create(distort?.(machine) ?? machine), parts });
    },
    find(version) {
      const machines = made.get(keyOf(version));
      if (machines) return machines;
      throw new Error(`no machines were made of ${version.name} ${version.version}`);
    },
  };
}
