import { describe, expect, it } from 'vitest';
import type { TaskTokens } from '../../core/ports/index.ts';

export interface TokensOnTrial {
  readonly tokens: TaskTokens;
  /** The token of a state that waits. */
  readonly wait: () => Promise<string>;
  /** How that state has ended; undefined while it waits. */
  readonly ended: (token: string) => Promise<unknown>;
}

/** What every TaskTokens does. `create` makes one that nobody waits for yet. */
export function taskTokensContract(name: string, create: () => TokensOnTrial): void {
  describe(name, () => {
    it('ends the state that waits with an output', async () => {
      const { tokens, wait, ended } = create();
      const token = await wait();
      expect(await ended(token)).toBeUndefined();

      expect(await tokens.succeed(token, { status: 'succeeded', list: [1, null] })).toBe(true);

      expect(await ended(token)).toEqual({ output: { status: 'succeeded', list: [1, null] } });
    });

    it('ends the state that waits with an error and its cause', async () => {
      const { tokens, wait, ended } = create();
      const token = await wait();

      expect(await tokens.fail(token, 'TaskFailed', 'it broke')).toBe(true);

      expect(await ended(token)).toEqual({ error: 'TaskFailed', cause: 'it broke' });
    });

    it('answers false for a token that was answered, and changes nothing', async () => {
      const { tokens, wait, ended } = create();
      const token = await wait();
      await tokens.succeed(token, 1);

      expect(await tokens.succeed(token, 2)).toBe(false);
      expect(await tokens.fail(token, 'TaskFailed', '')).toBe(false);
      expect(await ended(token)).toEqual({ output: 1 });
    });

    it('answers false for a token that nobody has ever waited with', async () => {
      const { tokens } = create();

      expect(await tokens.succeed('no-token', {})).toBe(false);
      expect(await tokens.fail('no-token', 'TaskFailed', '')).toBe(false);
    });

    it('keeps the tokens of two states apart', async () => {
      const { tokens, wait, ended } = create();
      const [first, second] = [await wait(), await wait()];

      await tokens.succeed(second, 'second');

      expect(await ended(first)).toBeUndefined();
      expect(await ended(second)).toEqual({ output: 'second' });
    });
  });
}
