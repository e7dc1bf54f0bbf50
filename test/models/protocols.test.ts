import { describe, expect, it } from 'vitest';
import { explore } from './explore.ts';
import { plantedBugs } from './planted-bugs.ts';
import { protocolNamed, protocols } from './protocols.ts';

/** States of each protocol in every test run; all others: `npm run -s models`, which writes docs/protocols. */
const NEAREST = 1_000;

describe('the shipped functions', () => {
  const some = protocols.flatMap(({ name, bounds }) =>
    bounds.map(({ processes, faults }) => ({ name, processes, faults })).filter(({ faults }) => faults < 2),
  );

  it.each(some)(
    'keep all promises of $name with $processes at once and $faults faults, in every order',
    async ({ name, ...bounds }) => {
      const { finding, states } = await explore(await protocolNamed(name).create(bounds), NEAREST);

      expect(finding).toBeUndefined();
      expect(states).toBeGreaterThan(200);
    },
    120_000,
  );
});

describe('without a rule of theirs', () => {
  it.each(plantedBugs)(
    '$protocol is broken: $rule',
    async ({ protocol, finding, rule: _rule, ...bounds }) => {
      const found = await explore(await protocolNamed(protocol).create(bounds));

      expect(found.finding?.broken).toBe(finding);
      expect(found.finding?.trace).not.toEqual([]);
    },
    300_000,
  );

  it.each(plantedBugs.filter(({ alone }) => alone))(
    'and with it $protocol needs no stream and no sweeper: $rule',
    async ({ protocol, processes, faults }) => {
      const { finding } = await explore(await protocolNamed(protocol).create({ processes, faults, alone: true }));

      expect(finding).toBeUndefined();
    },
    300_000,
  );
});
