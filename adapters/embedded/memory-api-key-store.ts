import type { ApiKey, ApiKeyStore } from '../../core/ports/index.ts';
import { compareTexts } from './sorted-array.ts';

export function createMemoryApiKeyStore(): ApiKeyStore {
  const keys = new Map<string, ApiKey>();
  return {
    put: async (key) => void keys.set(key.id, key),
    find: async (id) => keys.get(id),
    list: async () => [...keys.values()].sort((a, b) => compareTexts(a.id, b.id)),
    remove: async (id) => keys.delete(id),
  };
}
