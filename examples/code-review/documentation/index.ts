// What is written for readers.
// Takes: the inventory. Gives: an analysis. Never: follows a link to the web.
export { findAnchors, findLinks } from './markdown-text.ts';
export { reviewDocumentation } from './review-documentation.ts';
