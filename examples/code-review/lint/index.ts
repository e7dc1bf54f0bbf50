// Mistakes that a linter sees.
// Takes: the inventory. Gives: an analysis. Never: loads the repository's own linter, or argues about style.
export { reviewLint } from './review-lint.ts';
