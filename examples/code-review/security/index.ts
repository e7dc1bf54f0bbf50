// What an attacker would look for.
// Takes: the inventory. Gives: an analysis; secrets are redacted in it.
// Never: guesses. A finding rests on what the file itself proves.
export { reviewSecurity } from './review-security.ts';
