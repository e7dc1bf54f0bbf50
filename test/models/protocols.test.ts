import { describe, expect, it } from 'vitest';
import { explore } from './explore.ts';
import { plantedBugs } from './planted-bugs.ts';
import { protocols, type Protocol } from './protocols.ts';

/** The rest of the bounds takes minutes: `npm run -s models` explores them, and writes docs/protocols. */
const SMALL = 1;

function find(name: string): Protocol {
  const protocol = protocols.find((it) => it.name === name);
  if (!protocol) throw new Error(`there is no protocol ${name}`);
  return protocol;
}

describe('the shipped functions', () => {
  const small = protocols.flatMap(({ name, bounds }) => bounds.slice(0, SMALL).map((bound) => ({ name, ...bound })));

  it.each(small)(
    'keep all promises of $name with $processes at once and $faults fault, in every order',
    async ({ name, ...bounds }) => {
      const { finding, isComplete, states } = await explore(await find(name).create(bounds));

      expect(finding).toBeUndefined();
      expect(isComplete).toBe(true);
      expect(states).toBeGreaterThan(1_000);
    },
    300_000,
  );
});

describe('without a rule of theirs', () => {
  it.each(plantedBugs)(
    '$protocol is broken: $rule',
    async ({ protocol, finding, rule: _rule, ...bounds }) => {
      const found = await explore(await find(protocol).create(bounds));

      expect(found.finding?.broken).toBe(finding);
      expect(found.finding?.trace).not.toEqual([]);
    },
    300_000,
  );

  it.each(plantedBugs.filter(({ alone }) => alone))(
    'and with it $protocol needs no stream and no sweeper: $rule',
    async ({ protocol, processes, faults }) => {
      const { finding } = await explore(await find(protocol).create({ processes, faults, alone: true }));

      expect(finding).toBeUndefined();
    },
    300_000,
  );
});
