import type { ControlRecord } from '../../core/execution/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { LedgerWrite } from '../../core/ports/index.ts';
import type { EngineContext } from '../engine-context.ts';

/** A control record as one look has shown it. */
export interface Control<Value extends Json> {
  /** Undefined: nothing is recorded yet. */
  readonly value: Value | undefined;
  /** The write that holds only if nobody has written since this look. `uselessFrom`: as the record says it. */
  readonly put: (value: Value, uselessFrom?: number) => LedgerWrite;
}

/** `Value` is what the key's owner, and nobody else, writes there. */
export async function readControl<Value extends Json>(ctx: EngineContext, key: string): Promise<Control<Value>> {
  return controlOf(key, await ctx.ledger.findControl(key));
}

/** `record`: what stands at the key; undefined: nothing yet. */
export function controlOf<Value extends Json>(key: string, record: ControlRecord | undefined): Control<Value> {
  return {
    value: record?.value as Value | undefined,
    put: (value, uselessFrom) => ({
      kind: 'control',
      record: { key, value, ...(uselessFrom !== undefined && { uselessFrom }), revision: (record?.revision ?? 0) + 1 },
    }),
  };
}
