import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codes } from '../../../core/diagnostics/index.ts';
import { diagnosticsPage } from '../../../docs/diagnostics-page.ts';

describe('docs/diagnostics.md', () => {
  it('is what the code table says; else run `node docs/generate-diagnostics.ts`', () => {
    const page = readFileSync(new URL('../../../docs/diagnostics.md', import.meta.url), 'utf8');

    expect(page).toBe(diagnosticsPage());
  });

  it('has every code once', () => {
    const headings = [...diagnosticsPage().matchAll(/^### (\w+):/gm)].map(([, code]) => code);

    expect(headings.toSorted()).toEqual(Object.keys(codes).toSorted());
  });
});
