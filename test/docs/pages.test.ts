import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pages } from '../../docs/pages.ts';
import { checkout } from '../architecture/source-file.ts';

describe('pages', () => {
  it.each(Object.entries(pages))('has docs/%s as it was generated; else run `npm run -s docs`', (name, text) => {
    const path = `${checkout}docs/${name}`;

    expect(existsSync(path) && readFileSync(path, 'utf8')).toBe(text());
  });
});
