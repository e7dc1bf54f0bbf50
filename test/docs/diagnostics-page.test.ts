import { describe, expect, it } from 'vitest';
import { codes } from '../../core/diagnostics/index.ts';
import { diagnosticsPage } from '../../docs/diagnostics-page.ts';

describe('diagnosticsPage', () => {
  it('has every code once', () => {
    const headings = [...diagnosticsPage().matchAll(/^### (\w+):/gm)].map(([, code]) => code);

    expect(headings.toSorted()).toEqual(Object.keys(codes).toSorted());
  });
});
