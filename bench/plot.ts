import type { Point } from './statistics.ts';

export interface Plot {
  readonly title: string;
  /** What the axes show. */
  readonly x: string;
  readonly y: string;
  readonly lines: readonly { readonly name: string; readonly points: readonly Point[] }[];
}

const WIDTH = 760;
const HEIGHT = 480;
const EDGES = { left: 70, right: 20, top: 40, bottom: 50 };
const colours = ['#1b6ca8', '#d1495b', '#2a9d5c', '#8e5ea2', '#b8860b', '#555555'];

/** An SVG with both axes logarithmic, a line at each power of ten: what grows alike has the same slope. All values are above 0. */
export function plotLogLog({ title, x, y, lines }: Plot): string {
  const points = lines.flatMap((line) => line.points);
  const across = scaleOf(
    points.map((point) => point.x),
    [EDGES.left, WIDTH - EDGES.right],
  );
  const up = scaleOf(
    points.map((point) => point.y),
    [HEIGHT - EDGES.bottom, EDGES.top],
  );
  const grid = [
    ...across.tens.map((ten) => tick([across.at(ten), EDGES.top, across.at(ten), HEIGHT - EDGES.bottom], ten)),
    ...up.tens.map((ten) => tick([EDGES.left, up.at(ten), WIDTH - EDGES.right, up.at(ten)], ten)),
  ];
  const drawn = lines.map(({ name, points: own }, n) => {
    const colour = colours[n % colours.length] ?? '#000000';
    const places = own.map((point) => [across.at(point.x), up.at(point.y)].map((it) => it.toFixed(1)).join(','));
    const dots = places
      .map((place) => place.split(','))
      .map(([cx = '', cy = '']) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`);
    const path = `<polyline points="${places.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`;
    return [path, ...dots, text(name, [EDGES.left + 12, EDGES.top + 18 + 17 * n], `fill="${colour}"`)].join('\n');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(title, [EDGES.left, 22], 'font-size="15"'),
    ...grid,
    ...drawn,
    text(x, [WIDTH - EDGES.right, HEIGHT - 12], 'text-anchor="end"'),
    text(y, [8, EDGES.top - 8], ''),
    '</svg>\n',
  ].join('\n');
}

/** Pixels of a value between those of the powers of ten around all values. */
function scaleOf(values: readonly number[], [from, to]: readonly [number, number]) {
  const first = Math.floor(Math.log10(Math.min(...values)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...values))));
  const at = (value: number): number => from + ((to - from) * (Math.log10(value) - first)) / (last - first);
  return { at, tens: Array.from({ length: last - first + 1 }, (_, n) => 10 ** (first + n)) };
}

/** A line of the grid, with its value at the end that is next to the axis. */
function tick([x1, y1, x2, y2]: readonly [number, number, number, number], value: number): string {
  const label =
    x1 === x2
      ? text(`${value}`, [x1, y2 + 18], 'text-anchor="middle"')
      : text(`${value}`, [x1 - 8, y1 + 4], 'text-anchor="end"');
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#dddddd"/>\n${label}`;
}

function text(content: string, [x, y]: readonly [number, number], attributes: string): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" ${attributes}>${escaped}</text>`;
}
