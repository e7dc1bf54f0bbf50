import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { installEmulator } from '../emulator/install.ts';
import { startEmulator, type Emulator } from '../emulator/start.ts';
import { createCanaryWorld } from './canary-world.ts';
import { deviations } from './deviations.ts';

/** Milliseconds: a canary waits for two things at the most. */
const TIMEOUT = 180_000;

const isSomebodyElses = inject('emulator') === undefined;

describe.skipIf(isSomebodyElses)('LocalStack differs from AWS still:', () => {
  let unpatched: Emulator;
  beforeAll(async () => {
    unpatched = await startEmulator(await installEmulator(), { isPatched: false });
  });
  afterAll(() => unpatched.stop({ keepLog: false }));

  it.concurrent.each(deviations)(
    '$name',
    async ({ isPatched = false, here, canary }) => {
      const seen = await canary(createCanaryWorld(isPatched ? unpatched.endpoint : inject('endpoint')));

      // Mended? Then take the deviation out of the list, and what was done about it out of the tests.
      expect(seen).toBe(here);
    },
    TIMEOUT,
  );
});

describe.skipIf(isSomebodyElses)('the patches of LocalStack', () => {
  it.concurrent.each(deviations.filter(({ isPatched }) => isPatched))(
    'mend it: $name',
    async ({ onAws, canary }) => {
      expect(await canary(createCanaryWorld(inject('endpoint')))).toBe(onAws);
    },
    TIMEOUT,
  );
});

describe('the deviations', () => {
  it('are ten at the most', () => {
    expect(deviations.length).toBeLessThanOrEqual(10);
  });
});
