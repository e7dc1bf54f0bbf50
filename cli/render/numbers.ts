const grouped = new Intl.NumberFormat('en-US');

/** 850000 → `850,000` */
export function withCommas(value: number): string {
  return grouped.format(value);
}

/** `1 task`, `3 tasks` */
export function counted(count: number, noun: string): string {
  return `${withCommas(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Milliseconds for people: `85 ms`, `1.2 s`, `2m05s`, `1h30m`, `3d4h`. */
export function elapsed(milliseconds: number): string {
  const total = Math.max(0, milliseconds);
  if (total < 1_000) return `${Math.floor(total)} ms`;
  if (total < 60_000) return `${(Math.floor(total / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(total / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`;
  return `${Math.floor(minutes / 1_440)}d${Math.floor((minutes % 1_440) / 60)}h`;
}

/** A moment, in UTC and to the second: `2026-11-21 16:05:59`. */
export function timestamp(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

/** Seconds as an author would write them: `300 s`, `20m`, `1h30m`. */
export function limitText(seconds: number): string {
  return seconds < 600 ? `${seconds} s` : elapsed(seconds * 1_000).replace(/(?<=[dhm])0+[hms]$/, '');
}

/** Bytes as an author would write them: `512 MB`, `4 GB`. */
export function memoryText(bytes: number): string {
  const [size, unit] = bytes < 1e9 ? [1e6, 'MB'] : [1e9, 'GB'];
  return `${withCommas(Math.round((bytes / size) * 10) / 10)} ${unit}`;
}

/** Dollars, with at least two digits that say something: `$2.50`, `$0.00061`. */
export function usdText(usd: number): string {
  if (usd === 0) return '$0';
  return usd >= 0.1
    ? `$${usd.toFixed(2)}`
    : `$${Number(usd.toPrecision(2)).toFixed(Math.min(9, 1 - Math.floor(Math.log10(usd))))}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** A bar of `width` characters, filled to `share` (0 to 1, and full beyond). Something is never drawn as nothing. */
export function bar(share: number, width: number): string {
  const full = Math.min(width, share > 0 ? Math.max(1, Math.floor(share * width)) : 0);
  return '█'.repeat(full) + '░'.repeat(width - full);
}
