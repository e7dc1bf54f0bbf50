import { mend } from '../text/mend.ts';
import type { Problem } from '../text/problem.ts';

/** Mends what the critic found; without findings the text stays as it is. */
export default function edit({
  input,
}: {
  readonly input: { readonly text: string; readonly problems: readonly Problem[] };
}) {
  return mend(input.text, input.problems);
}
