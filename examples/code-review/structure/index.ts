// What a repository is made of.
// Takes: the inventory. Gives: its structure as an analysis. Never: judges what the code does.
export { reviewStructure } from './review-structure.ts';
