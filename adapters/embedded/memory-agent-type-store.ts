import type { AgentTypeStore, RegisteredAgentType } from '../../core/ports/index.ts';
import { compareTexts } from './sorted-array.ts';

export function createMemoryAgentTypeStore(): AgentTypeStore {
  const registered = new Map<string, RegisteredAgentType>();
  return {
    put: async (type) => void registered.set(type.agentType.name, type),
    find: async (name) => registered.get(name),
    list: async () => [...registered.values()].sort((a, b) => compareTexts(a.agentType.name, b.agentType.name)),
    remove: async (name) => registered.delete(name),
  };
}
