import { describe, expect, it } from 'vitest';
import { createNemesis, faultKinds, isCalm, oddsOf, type FaultKind, type Odds } from '../../simulation/nemesis.ts';

function odds(change: Partial<Odds> = {}): Odds {
  return { ...(Object.fromEntries(Object.keys(faultKinds).map((kind) => [kind, 0])) as Odds), ...change };
}

const often = odds({ throttled: 0.3, message_lost: 0.3 });

function strikesOf(seed: number, options: { readonly only?: ReadonlySet<string> } = {}) {
  const nemesis = createNemesis({ seed, odds: often, ...options, onStrike: () => undefined });
  const amounts: number[] = [];
  for (let round = 0; round < 40; round += 1)
    for (const [kind, where] of [
      ['throttled', 'commit'],
      ['message_lost', 'timer'],
    ] as const) {
      const struck = nemesis.strikes(kind, where);
      if (struck) amounts.push(struck.amount);
    }
  return { names: nemesis.struck.map(({ name }) => name), amounts };
}

describe('a nemesis', () => {
  it('strikes as its seed says, and elsewhere with another seed', () => {
    expect(strikesOf(1)).toEqual(strikesOf(1));
    expect(strikesOf(1)).not.toEqual(strikesOf(2));
    expect(strikesOf(1).names.length).toBeGreaterThan(10);
  });

  it('changes nothing of the faults that are left when one is taken away', () => {
    const { names, amounts } = strikesOf(1);

    const without = strikesOf(1, { only: new Set(names.slice(1)) });

    expect(without).toEqual({ names: names.slice(1), amounts: amounts.slice(1) });
  });

  it('strikes no more when it rests', () => {
    const nemesis = createNemesis({ seed: 1, odds: odds({ throttled: 1 }), onStrike: () => undefined });

    expect(nemesis.strikes('throttled', 'commit')).toBeDefined();
    nemesis.rest();

    expect(nemesis.strikes('throttled', 'commit')).toBeUndefined();
    expect(nemesis.struck).toHaveLength(1);
  });
});

describe('oddsOf', () => {
  const all = Array.from({ length: 400 }, (_, seed) => oddsOf(seed));

  it('gives every kind its seeds, alone and beside others, and leaves some in peace', () => {
    const kinds = Object.keys(faultKinds) as FaultKind[];
    const alone = kinds.filter((kind) => all.some((each) => each[kind] > 0 && isCalm({ ...each, [kind]: 0 })));

    for (const kind of kinds) expect(all.filter((each) => each[kind] > 0).length).toBeGreaterThan(100);
    expect(all.filter(isCalm).length).toBeGreaterThan(20);
    expect(alone.length).toBeGreaterThan(0);
  });
});
