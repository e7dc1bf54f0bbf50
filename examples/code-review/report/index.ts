// All analyses in one report.
// Takes: the inventory, the analyses and what became of their tasks. Gives: the review as Markdown and as SARIF.
// Never: looks at the repository again.
export { gradeOf, type Grade } from './grade.ts';
export { renderMarkdown } from './render-markdown.ts';
export { renderSarif } from './render-sarif.ts';
export { mergeReview, type Review } from './review.ts';
