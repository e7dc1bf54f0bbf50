import { describe, expect, it } from 'vitest';
import { negotiate } from '../../api/negotiate.ts';

const forms = ['application/json', 'application/vnd.skein.asl+json', 'text/vnd.mermaid'] as const;

describe('negotiate', () => {
  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['text/*', 'text/vnd.mermaid'],
    ['TEXT/VND.MERMAID; Q=1', 'text/vnd.mermaid'],
    ['application/json;q=0.4, text/vnd.mermaid;q=0.5', 'text/vnd.mermaid'],
    ['application/*;q=0.9, application/json;q=0.1', 'application/vnd.skein.asl+json'],
    ['application/json;q=0, */*', 'application/vnd.skein.asl+json'],
    ['image/png, */*;q=0.1', 'application/json'],
  ])('reads %j as %s', (accept, form) => {
    expect(negotiate(accept, forms)).toBe(form);
  });

  it.each(['image/png', '', 'application/json;q=0', 'application/json;q=much', ';;,,'])(
    'finds nothing for %j',
    (accept) => {
      expect(() => negotiate(accept, forms)).toThrow(
        expect.objectContaining({ problem: expect.objectContaining({ status: 406 }) as object }),
      );
    },
  );
});
