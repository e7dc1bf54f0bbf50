import { findProblems, scoreOf } from '../text/find-problems.ts';

/** How well a text reads, and what is in the way. */
export default function assess({ input }: { readonly input: { readonly text: string } }) {
  const problems = findProblems(input.text);
  return { score: scoreOf(input.text, problems), problems };
}
