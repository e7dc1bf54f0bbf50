import { createDynamoLedgerStore } from '../../../adapters/aws/index.ts';
import { createEngineHarness, type EngineHarness, type PlanSketch } from '../../makers/engine-harness.ts';
import type { aTable } from './a-table.ts';
import { plantFaults } from './faulty-client.ts';

export interface UnluckyHarness extends EngineHarness {
  /** What its transactions have met so far. */
  readonly met: readonly string[];
}

/** An engine whose every third try of a transaction meets another one, and every seventh loses its answer: more than DynamoDB ever does. */
export async function createUnluckyHarness(
  table: ReturnType<typeof aTable>,
  sketch: PlanSketch,
): Promise<UnluckyHarness> {
  const client = table.newClient(10);
  let tries = 0;
  const met = plantFaults(client, (possible) => {
    if (!possible.includes('conflict')) return undefined;
    tries += 1;
    if (tries % 3 === 0) return 'conflict';
    return tries % 7 === 0 ? 'lost_answer' : undefined;
  });
  const harness = await createEngineHarness(sketch, { ledger: createDynamoLedgerStore({ ...table.deps(), client }) });
  return { ...harness, met };
}

export const idsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `t${index}`);
