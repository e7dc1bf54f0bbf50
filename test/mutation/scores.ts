import { alignedTable } from '../../bench/table.ts';

/** The part of a mutation testing report (schema 2) that is counted here. */
export interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
}

export interface Score {
  readonly room: string;
  readonly killed: number;
  /** Let pass by every test, or come to by none. */
  readonly survived: number;
  /** Killed of both, 0 to 100. */
  readonly percent: number;
}

const percentOf = (killed: number, survived: number): number =>
  killed + survived === 0 ? 100 : (100 * killed) / (killed + survived);

/** Mutants that hang are noticed; those that do not compile, and those of code that runs only once, are not counted. */
export function readScore(room: string, { files }: Report): Score {
  const statuses = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const count = (...wanted: readonly string[]) => statuses.filter((status) => wanted.includes(status)).length;
  const [killed, survived] = [count('Killed', 'Timeout'), count('Survived', 'NoCoverage')];
  return { room, killed, survived, percent: percentOf(killed, survived) };
}

export function addUp(scores: readonly Score[]): Score {
  const killed = scores.reduce((sum, score) => sum + score.killed, 0);
  const survived = scores.reduce((sum, score) => sum + score.survived, 0);
  return { room: 'all', killed, survived, percent: percentOf(killed, survived) };
}

export function printScores(scores: readonly Score[]): string {
  const row = ({ room, killed, survived, percent }: Score) => [
    room,
    String(killed),
    String(survived),
    percent.toFixed(1),
  ];
  const rows = [...scores, addUp(scores)].map(row);
  return `${alignedTable([['room', 'killed', 'survived', '%'], ...rows])}\n`;
}
