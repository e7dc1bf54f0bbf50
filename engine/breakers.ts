import type { LedgerWrite } from '../core/ports/index.ts';
import { controlPlace } from '../core/execution/index.ts';
import { closedBreaker, decideBreaker, type Breaker } from '../core/resilience/index.ts';
import type { EngineDeps } from './engine-context.ts';
import { BREAKERS, breakerControl } from './gates/index.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';

/** The breaker of an agent type of this tenant. */
export interface AgentBreaker {
  readonly agent: string;
  readonly breaker: Breaker;
}

/** Breakers that have counted a failure since they were made, by the names of their agents. One without a record is closed. */
export async function listBreakers({ ledger }: Pick<EngineDeps, 'ledger'>): Promise<readonly AgentBreaker[]> {
  const records = await ledger.listControls(BREAKERS);
  // Whoever writes into this folder writes breakers.
  return records.map(({ key, value }) => ({ agent: controlPlace(key).name, breaker: value as Breaker }));
}

export async function findBreaker({ ledger }: Pick<EngineDeps, 'ledger'>, agent: string): Promise<Breaker> {
  const record = await ledger.findControl(breakerControl(agent));
  return record ? (record.value as Breaker) : closedBreaker;
}

/**
 * Closes a breaker because somebody says that the agent is well; nothing for one that is closed and has counted no failure. Told on the
 * coordination bus: it belongs to no execution. Who waits has to be woken by whoever runs the engine.
 */
export async function recordReset(
  { ledger, clock }: Pick<EngineDeps, 'ledger' | 'clock'>,
  agent: string,
  by: string,
): Promise<Breaker> {
  return untilCommitted(`Reset of the breaker of ${agent}`, async () => {
    const record = await ledger.findControl(breakerControl(agent));
    const before = record ? (record.value as Breaker) : closedBreaker;
    const now = clock.now();
    const breaker = decideBreaker(before, { kind: 'reset' }, now);
    if (breaker === before) return breaker;
    const { epoch } = breaker;
    const writes: readonly LedgerWrite[] = [
      {
        kind: 'control',
        record: { key: breakerControl(agent), value: breaker, revision: (record?.revision ?? 0) + 1 },
      },
      {
        kind: 'bus_event',
        event: {
          id: `${breakerControl(agent)}/${epoch}`,
          type: 'breaker.closed',
          source: by,
          time: now,
          data: { inline: { agent, epoch } },
        },
      },
    ];
    return (await ledger.commit(writes)) === 'committed' ? breaker : AGAIN;
  });
}
