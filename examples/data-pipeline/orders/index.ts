// Orders, and the CSV they come in.
// Takes: rows of text. Gives: orders or what is wrong with them. Never: knows which agent asks.
export { AgentUnavailable, formatCsv, InvalidInput, parseCsv, readCsv, resolvePath } from './read-csv.ts';
export {
  badRowSchema,
  columns,
  formatCents,
  orderSchema,
  partSchema,
  readOrder,
  regions,
  rowSchema,
  type BadRow,
  type Order,
  type Row,
} from './order.ts';
