import type { AgentCatalogue } from '../agents/index.ts';
import type { WorkflowDocument } from '../definition/index.ts';

/** What the workflow's agents can do, by their own capabilities and by those of their types. */
export interface Capabilities {
  readonly known: ReadonlySet<string>;
  /** Names of the agents that can do all of it, in the order of the document. */
  readonly agentsFor: (requires: readonly string[]) => readonly string[];
}

export function createCapabilities({ agents }: WorkflowDocument, catalogue: AgentCatalogue): Capabilities {
  const byCapability = new Map<string, Set<string>>();
  for (const [name, { capabilities, type }] of Object.entries(agents)) {
    for (const capability of [...capabilities, ...(catalogue.get(type)?.capabilities ?? [])]) {
      const able = byCapability.get(capability);
      if (able) able.add(name);
      else byCapability.set(capability, new Set([name]));
    }
  }
  const find = (requires: readonly string[]): readonly string[] => {
    // The rarest first: asking all agents for each of 10,000 tasks would be most of a validation.
    const [rarest, ...others] = requires
      .map((it) => byCapability.get(it) ?? new Set<string>())
      .toSorted((one, other) => one.size - other.size);
    return [...(rarest ?? [])].filter((name) => others.every((able) => able.has(name)));
  };
  const found = new Map<string, readonly string[]>();
  return {
    known: new Set(byCapability.keys()),
    agentsFor: (requires) => {
      const key = JSON.stringify(requires);
      const names = found.get(key) ?? find(requires);
      found.set(key, names);
      return names;
    },
  };
}
