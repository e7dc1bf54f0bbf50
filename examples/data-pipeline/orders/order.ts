import { z } from 'zod';

/** A line of the source as it came, so that what is wrong with it can be shown to whoever sent it. */
export const rowSchema = z.object({
  /** In the file, counted from 1; the header is line 1. */
  line: z.int(),
  fields: z.array(z.string()),
});
export type Row = z.infer<typeof rowSchema>;

export const regions = ['North', 'South', 'East', 'West'] as const;

export const orderSchema = z.object({
  line: z.int(),
  id: z.string(),
  /** `2026-03-31` */
  date: z.string(),
  region: z.enum(regions),
  customer: z.string(),
  product: z.string(),
  quantity: z.int().positive(),
  /** Euro cents of one piece. Money is counted in whole cents: sums of fractions drift. */
  cents: z.int().positive(),
});
export type Order = z.infer<typeof orderSchema>;

export const badRowSchema = rowSchema.extend({ problems: z.array(z.string()) });
export type BadRow = z.infer<typeof badRowSchema>;

/** One partition of the rows, judged. */
export const partSchema = z.object({ good: z.array(orderSchema), bad: z.array(badRowSchema) });

export const columns = [
  'order_id',
  'ordered_on',
  'region',
  'customer',
  'product',
  'quantity',
  'unit_price',
  'currency',
];

/** The order in this row, or everything that is wrong with it. Spaces and capitals are forgiven, guesses are not made. */
export function readOrder({ line, fields }: Row): Order | BadRow {
  const bad = (problems: string[]): BadRow => ({ line, fields, problems });
  if (fields.length !== columns.length) return bad([`${fields.length} fields instead of ${columns.length}`]);
  const [id = '', date = '', place = '', customer = '', product = '', quantity = '', price = '', currency = ''] =
    fields.map((field) => field.trim());
  const region = regions.find((name) => name.toLowerCase() === place.toLowerCase());
  const problems = [
    isDate(date) ? '' : `no date: "${date}"`,
    region === undefined ? `unknown region: "${place}"` : '',
    customer === '' ? 'no customer' : '',
    /^[1-9]\d{0,5}$/.test(quantity) ? '' : `no quantity: "${quantity}"`,
    /^\d{1,6}\.\d\d$/.test(price) ? '' : `no price: "${price}"`,
    currency === 'EUR' ? '' : `not in EUR: "${currency}"`,
  ].filter((problem) => problem !== '');
  if (region === undefined || problems.length > 0) return bad(problems);
  const cents = Number(price.replace('.', ''));
  return { line, id, date, region, customer, product, quantity: Number(quantity), cents };
}

/** A day that exists: `2026-02-30` looks like a date and is none. */
function isDate(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** `1,234.50` */
export function formatCents(cents: number): string {
  return (cents / 100).toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
