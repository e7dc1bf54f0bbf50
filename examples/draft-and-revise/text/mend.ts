import type { Problem, ProblemKind } from './problem.ts';
import { problemKinds } from './problem.ts';
import { capitalized, wordsOf } from './sentences.ts';
import { fillerPattern, REPEATED_WORD, wordyPhrases } from './wording.ts';

export interface Mended {
  readonly text: string;
  readonly changes: readonly string[];
}

/** Kinds that one round mends: an editor who changes everything at once cannot be followed. */
const KINDS_A_ROUND = 2;

/** Mends the problems of the first kinds that have some. Passive voice is left to people: turning it needs to know who acts. */
export function mend(text: string, problems: readonly Problem[]): Mended {
  const mendable = problemKinds.filter(
    (kind) => kind !== 'passive' && problems.some((problem) => problem.kind === kind),
  );
  const kinds = new Set<ProblemKind>(mendable.slice(0, KINDS_A_ROUND));
  let mended = text;
  const changes: string[] = [];
  for (const problem of problems) {
    if (!kinds.has(problem.kind)) continue;
    const next = mendOne(mended, problem);
    if (next === mended) continue;
    mended = next;
    changes.push(`${problem.kind}: ${problem.about}`);
  }
  return { text: mended, changes };
}

function mendOne(text: string, { kind, about }: Problem): string {
  switch (kind) {
    case 'repeated word':
      return text.replace(REPEATED_WORD, '$1');
    case 'wordy phrase':
      return shortened(text, about);
    case 'filler':
      return text.replace(fillerPattern(about), '');
    case 'long sentence':
      return text.replace(about, () => divided(about));
    case 'passive':
      return text;
  }
}

/** A sentence that began with the phrase begins with what is left of it. */
function shortened(text: string, about: string): string {
  const [phrase, shorter] = wordyPhrases.find(([phrase]) => phrase.trim() === about) ?? [about, about];
  return text
    .replace(new RegExp(phrase, 'gi'), (found) => (/^\p{Lu}/u.test(found) ? capitalized(shorter) : shorter))
    .replace(/(^|[.!?]\s+)(\p{Ll})/gmu, (_, before: string, letter: string) => before + letter.toUpperCase());
}

/** Two sentences, parted at the conjunction that is nearest to the middle; the same one where there is none. */
function divided(sentence: string): string {
  const middle = sentence.length / 2;
  const joints = [...sentence.matchAll(/, (?:and|so|which|but)\s+|: /g)].sort(
    (a, b) => Math.abs(a.index - middle) - Math.abs(b.index - middle),
  );
  const [joint] = joints;
  if (!joint) return sentence;
  const [left, right] = [sentence.slice(0, joint.index), sentence.slice(joint.index + joint[0].length)];
  if (wordsOf(left).length < 4 || wordsOf(right).length < 3) return sentence;
  const subject = joint[0].includes('which') ? 'That ' : '';
  return `${left}. ${subject}${subject === '' ? capitalized(right) : right}`;
}
