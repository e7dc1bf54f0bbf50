/** `a`, `b` and 3 more */
export function nameList(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).map(quoted);
  const rest = names.length - shown.length;
  const parts = rest > 0 ? [...shown, `${rest} more`] : shown;
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}

export function quoted(name: string): string {
  return `\`${name}\``;
}

/** A sentence's beginning in the middle of another one. */
export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** 1 attempt, 2 attempts */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

const units = [
  { name: 'd', milliseconds: 86_400_000 },
  { name: 'h', milliseconds: 3_600_000 },
  { name: 'min', milliseconds: 60_000 },
  { name: 's', milliseconds: 1000 },
];

/** The two largest units: `2 min 5 s`; below a second `450 ms`. */
export function duration(milliseconds: number): string {
  const first = units.findIndex((unit) => milliseconds >= unit.milliseconds);
  if (first === -1) return `${Math.max(0, Math.round(milliseconds))} ms`;
  let rest = milliseconds;
  const parts = units.slice(first, first + 2).flatMap(({ name, milliseconds: size }) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? [`${count} ${name}`] : [];
  });
  return parts.join(' ');
}

/** `2026-11-21T00:01:00Z (in 12 s)`: the moment for logs, the distance for people. */
export function moment(at: number, now: number): string {
  const text = new Date(at).toISOString().replace('.000Z', 'Z');
  return at >= now ? `${text} (in ${duration(at - now)})` : `${text} (${duration(now - at)} ago)`;
}
