import { describe, expect, it } from 'vitest';
import { createBackground } from '../../functions/background.ts';

describe('createBackground', () => {
  it('settles when everything has, also what was added meanwhile', async () => {
    const background = createBackground();
    const done: string[] = [];
    const later = async (name: string, next?: () => void): Promise<void> => {
      await Promise.resolve();
      next?.();
      done.push(name);
    };
    background.add(later('first', () => background.add(later('second'))));

    await background.settled();

    expect(done).toEqual(['first', 'second']);
  });

  it('does not mind what fails', async () => {
    const background = createBackground();
    background.add(Promise.reject(new Error('no')));

    await expect(background.settled()).resolves.toBeUndefined();
  });
});
