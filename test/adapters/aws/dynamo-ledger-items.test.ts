import { describe, expect, it } from 'vitest';
import { actionsOf } from '../../../adapters/aws/dynamo-ledger-items.ts';
import { createKeys } from '../../../adapters/aws/keys.ts';
import { midnight } from '../../makers/event-log.ts';

describe('actionsOf', () => {
  it('has an event of the coordination bus expire, with what knows its id', () => {
    const event = { id: 'e', type: 'built', source: 'ann', time: midnight + 1, data: { inline: null } };

    const actions = actionsOf({ keys: createKeys('acme'), eventHours: 2 }, { kind: 'bus_event', event });

    const expiries = actions.map((action) => (action.kind === 'put' ? Number(action.item['expiresAt']) : undefined));
    expect(expiries).toEqual(Array(2).fill(midnight / 1_000 + 1 + 2 * 3_600));
  });
});
