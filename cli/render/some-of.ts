/** Of a list, so that it stays on a line or two. */
const MOST_NAMED = 8;

/** The first few of a list, and how many more there are: `a, b and 12 more`. */
export function someOf(names: readonly string[], separator = ', '): string {
  const more = names.length - MOST_NAMED;
  if (more <= 1) return names.join(separator);
  return `${names.slice(0, MOST_NAMED).join(separator)} and ${more} more`;
}
