import type { IdempotencyStore, IdempotentRequest } from '../../core/ports/index.ts';

export function createMemoryIdempotencyStore(): IdempotencyStore {
  const requests = new Map<string, IdempotentRequest>();
  return {
    claim: async (request) => {
      for (const [key, { expiresAt }] of requests) if (expiresAt <= request.claimedAt) requests.delete(key);
      const stored = requests.get(request.key);
      if (!stored) requests.set(request.key, request);
      return stored;
    },
    put: async (request) => {
      if (requests.get(request.key)?.id === request.id) requests.set(request.key, request);
    },
  };
}
