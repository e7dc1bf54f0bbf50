// Numbers that look random, and are the same ones for the same seed.
// Takes: a seed. Gives: numbers from 0 to below 1. Never: real randomness.
export { createChance, seedOf } from './chance.ts';
