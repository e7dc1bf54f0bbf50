import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepSetting } from '../../../adapters/embedded/index.ts';
import { databaseOnDisk, temporaryDirectory } from '../../makers/temporary-directory.ts';

describe('keepSetting', () => {
  it('keeps the first value for whoever opens the database', async () => {
    const path = join(temporaryDirectory(), 'skein.db');
    const first = databaseOnDisk(path);

    expect(await keepSetting(first, 'secret', () => 'one')).toBe('one');
    expect(await keepSetting(first, 'secret', () => 'two')).toBe('one');
    first.close();

    expect(await keepSetting(databaseOnDisk(path), 'secret', () => 'three')).toBe('one');
  });

  it('keeps settings apart, and gives all that ask at once the same value', async () => {
    const database = databaseOnDisk();

    const values = await Promise.all([
      keepSetting(database, 'secret', () => 'one'),
      keepSetting(database, 'secret', () => 'two'),
      keepSetting(database, 'other', () => 'three'),
    ]);

    expect(values).toEqual(['one', 'one', 'three']);
  });
});
