import { describe, expect, it } from 'vitest';
import { executionId, type ExecutionId } from '../../core/ids/index.ts';
import type { MachineRunner } from '../../core/ports/index.ts';

export interface RunnerOnTrial {
  readonly runner: MachineRunner;
  /** Of the one version that there is, whose machine waits until it is told to go on. */
  readonly version: { readonly name: string; readonly version: string };
  /** Names under which the machine has begun, in order. */
  readonly begun: readonly string[];
  /** Lets the machine of an execution go on to its end. */
  readonly goOn: (execution: ExecutionId) => Promise<void>;
  /** `RUNNING`, `SUCCEEDED`, `ABORTED`; undefined: none of this name. */
  readonly status: (execution: ExecutionId) => Promise<string | undefined>;
}

const [one, two] = [executionId('exec_1'), executionId('exec_2')];

/** What every MachineRunner does. `create` makes one that has started nothing. */
export function machineRunnerContract(name: string, create: () => Promise<RunnerOnTrial>): void {
  describe(name, () => {
    it("starts a version's machine under the execution's name", async () => {
      const { runner, version, begun, status } = await create();

      await runner.start(one, version, { n: 1 });

      expect(await status(one)).toBe('RUNNING');
      expect(begun).toEqual([one]);
      expect(await status(two)).toBeUndefined();
    });

    it('changes nothing when it is told to start what runs', async () => {
      const { runner, version, begun, goOn, status } = await create();
      await runner.start(one, version, {});

      await Promise.all([runner.start(one, version, {}), runner.start(one, version, {})]);

      expect(begun).toEqual([one]);
      await goOn(one);
      expect(await status(one)).toBe('SUCCEEDED');
    });

    it('stops a machine as ABORTED, and no other', async () => {
      const { runner, version, status } = await create();
      await runner.start(one, version, {});
      await runner.start(two, version, {});

      await runner.stop(one, 'cancelled');

      expect(await status(one)).toBe('ABORTED');
      expect(await status(two)).toBe('RUNNING');
    });

    it('leaves what has ended, and what never was, as it is', async () => {
      const { runner, version, goOn, status } = await create();
      await runner.start(one, version, {});
      await goOn(one);

      await runner.stop(one, 'too late');
      await runner.stop(two, 'never there');

      expect(await status(one)).toBe('SUCCEEDED');
      expect(await status(two)).toBeUndefined();
    });
  });
}
