import { describe, expect, it } from 'vitest';
import { alignColumns, cell } from '../../../cli/render/columns.ts';

describe('alignColumns', () => {
  it('aligns by what is seen, not by the colours, and pads no line at its end', () => {
    const rows = [
      [cell('a'), cell('bb', '\u001b[1mbb\u001b[22m'), cell('c')],
      [cell('long'), cell(''), cell('')],
    ];

    expect(alignColumns(rows)).toEqual(['a     \u001b[1mbb\u001b[22m  c', 'long']);
  });
});
