// What the analysers find, in one shape.
// Takes: nothing. Gives: Finding, Analysis, their schemas and their order. Never: reads a file.
export {
  analysisSchema,
  areas,
  compareText,
  concludeAnalysis,
  countBySeverity,
  maxFindings,
  severities,
  wholeRepository,
  worstFirst,
  type Analysis,
  type Area,
  type Counts,
  type Finding,
  type Severity,
  type Table,
} from './finding.ts';
