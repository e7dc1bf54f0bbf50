import { describe, expect, it } from 'vitest';
import { formatCents, formatCsv, parseCsv, readOrder } from '../../../examples/data-pipeline/orders/index.ts';

describe('parseCsv', () => {
  it('reads quotes, commas and line breaks within them, and both line ends', () => {
    expect(parseCsv('a,"b, ""c""",\r\n\n"d\ne",f,g')).toEqual([
      ['a', 'b, "c"', ''],
      ['d\ne', 'f', 'g'],
    ]);
  });

  it.each(['a,b"c\n', 'a,"b\n', 'a,"b"c\n'])('refuses %j, where a quote is out of place', (text) => {
    expect(() => parseCsv(text)).toThrow('A quote is out of place in row 1.');
  });

  it('reads back what formatCsv wrote', () => {
    const rows = [
      ['a', '1,5', 'say "x"'],
      ['', 'line\nbreak', '2'],
    ];

    expect(parseCsv(formatCsv(rows))).toEqual(rows);
  });
});

describe('readOrder', () => {
  const fields = ['SO-1', '2026-03-31', ' north', ' Falk GmbH ', 'Desk', '2', '10.50', 'EUR'];

  it('forgives spaces and capitals', () => {
    expect(readOrder({ line: 2, fields })).toEqual({
      line: 2,
      id: 'SO-1',
      date: '2026-03-31',
      region: 'North',
      customer: 'Falk GmbH',
      product: 'Desk',
      quantity: 2,
      cents: 1_050,
    });
  });

  it.each([
    [1, '2026-02-30', 'no date: "2026-02-30"'],
    [1, '31/03/2026', 'no date: "31/03/2026"'],
    [2, 'Nroth', 'unknown region: "Nroth"'],
    [3, '  ', 'no customer'],
    [5, '0', 'no quantity: "0"'],
    [5, 'two', 'no quantity: "two"'],
    [6, '12,50', 'no price: "12,50"'],
    [7, 'USD', 'not in EUR: "USD"'],
  ])('says what is wrong with field %d when it is %j', (index, value, problem) => {
    expect(readOrder({ line: 2, fields: fields.with(index, value) })).toMatchObject({ line: 2, problems: [problem] });
  });

  it('says all that is wrong, and keeps the row as it came', () => {
    const bad = fields.with(5, '-1').with(6, '');

    expect(readOrder({ line: 9, fields: bad })).toEqual({
      line: 9,
      fields: bad,
      problems: ['no quantity: "-1"', 'no price: ""'],
    });
    expect(readOrder({ line: 9, fields: ['a'] })).toMatchObject({ problems: ['1 fields instead of 8'] });
  });
});

describe('formatCents', () => {
  it('writes euros', () => {
    expect(formatCents(12_388_432)).toBe('123,884.32');
  });
});
