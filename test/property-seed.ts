import fc from 'fast-check';

// The same examples in every run, so that a change is judged and not its luck; another seed looks elsewhere.
const SEED = Number(process.env['SKEIN_PROPERTY_SEED'] ?? 20_261_121);

fc.configureGlobal({ seed: SEED });
