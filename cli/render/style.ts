import { styleText } from 'node:util';
import type { Outlet, Surroundings } from '../surroundings.ts';

/** What a piece of text means; how that looks is decided here and nowhere else. */
export type Meaning = 'heading' | 'emphasis' | 'quiet' | 'good' | 'bad' | 'warning' | 'active';

export type Style = (meaning: Meaning, text: string) => string;

const looks = {
  heading: ['bold'],
  emphasis: ['bold', 'cyan'],
  quiet: ['gray'],
  good: ['green'],
  bad: ['red'],
  warning: ['yellow'],
  active: ['cyan'],
} as const satisfies Record<Meaning, readonly string[]>;

export const plain: Style = (_meaning, text) => text;

export const coloured: Style = (meaning, text) =>
  text === '' ? '' : styleText([...looks[meaning]], text, { validateStream: false });

/** Colours only on a terminal, and never against NO_COLOR (no-color.org: any value but the empty one). */
export function styleFor(outlet: Outlet, environment: Surroundings['environment']): Style {
  const refused = environment['NO_COLOR'] !== undefined && environment['NO_COLOR'] !== '';
  return outlet.isTerminal && !refused && environment['TERM'] !== 'dumb' ? coloured : plain;
}
