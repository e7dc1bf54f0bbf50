import type { Scope } from '../../core/expressions/index.ts';

/** What an expression of a running execution can read; the given parts replace the defaults. */
export function aScope(parts: Partial<Scope> = {}): Scope {
  return {
    input: {},
    tasks: {},
    execution: { id: 'exec_1', name: 'nightly', started_at: '2026-11-21T06:00:00.000Z' },
    workflow: { name: 'review', version: '1.0' },
    ...parts,
  };
}
