import type { PublishedWorkflow } from '../core/ports/index.ts';
import type { Machine } from '../statemachines/index.ts';
import type { NamedMachine } from './interpreter/index.ts';

/** What `link` writes where a part is started: unlike an ARN, the same in every database. */
export function partName({ name, version }: Pick<PublishedWorkflow, 'name' | 'version'>, number: number): string {
  return `${name}-${version}/part/${number}`;
}

/** The machines of parts, as long as an execution runs that may start them. */
export interface PartMachines {
  find(name: string): NamedMachine | undefined;
  /** Of one execution; the answer lets them go. */
  hold(workflow: PublishedWorkflow): () => void;
}

export function createPartMachines(): PartMachines {
  const held = new Map<string, { readonly machine: NamedMachine; executions: number }>();
  const release = (name: string): void => {
    const part = held.get(name);
    if (!part) return;
    part.executions -= 1;
    if (part.executions === 0) held.delete(name);
  };
  return {
    find: (name) => held.get(name)?.machine,
    hold(workflow) {
      const names = (workflow.parts ?? []).map((machine, number) => {
        const name = partName(workflow, number);
        // The store holds what `link` gave.
        const part = held.get(name) ?? {
          machine: {
            machine: machine as unknown as Machine,
            machineName: `${workflow.name}-${workflow.version}-${number}`,
          },
          executions: 0,
        };
        part.executions += 1;
        held.set(name, part);
        return name;
      });
      return () => names.forEach(release);
    },
  };
}
