import { describe, expect, it } from 'vitest';
import { byDependency, layersOf } from '../../../bench/peers/schedules.ts';

const task = (id: string, ...deps: string[]) => ({ id, deps, ms: 0 });
const diamond = [task('a'), task('b', 'a'), task('c'), task('d', 'b', 'c')];

describe('byDependency', () => {
  it('starts a task when all it waits for have ended, and no later', async () => {
    const ends = new Map<string, () => void>();
    const started: string[] = [];
    const all = byDependency(diamond, ({ id }) => {
      started.push(id);
      return new Promise<void>((resolve) => ends.set(id, resolve));
    });
    const settle = () => new Promise((resolve) => setImmediate(resolve));

    await settle();
    expect(started).toEqual(['a', 'c']);
    ends.get('a')?.();
    await settle();
    expect(started).toEqual(['a', 'c', 'b']);
    ends.get('b')?.();
    await settle();
    expect(started).toEqual(['a', 'c', 'b']);
    ends.get('c')?.();
    await settle();
    expect(started).toEqual(['a', 'c', 'b', 'd']);
    ends.get('d')?.();
    await all;
  });

  it('fails when a task fails', async () => {
    await expect(byDependency(diamond, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});

describe('layersOf', () => {
  it('puts a task behind the longest way to it', () => {
    const layers = layersOf(diamond).map((layer) => layer.map(({ id }) => id));

    expect(layers).toEqual([['a', 'c'], ['b'], ['d']]);
  });
});
