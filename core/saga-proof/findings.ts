import type { Finding } from '../definition/index.ts';
import type { DiagnosticCode } from '../diagnostics/index.ts';
import type { Gap, GapKind } from './gap.ts';
import type { SagaProof } from './prove-saga.ts';

const codes: Readonly<Record<GapKind, DiagnosticCode>> = {
  no_compensation: 'VAL240',
  event: 'VAL240',
  child: 'VAL240',
  reads_own_output: 'VAL240',
  reads_absent: 'VAL240',
  failure_not_undone: 'VAL240',
  failure_tolerated: 'VAL240',
  rollback_off: 'VAL240',
  undone_under: 'VAL241',
  undone_after_failure: 'VAL241',
  fails_after_pivot: 'VAL242',
  fails_beside_pivot: 'VAL242',
  undecided: 'VAL240',
};

/** VAL240 to VAL242: each gap, at its place. */
export function* sagaFindings({ gaps }: SagaProof): Generator<Finding> {
  for (const gap of gaps) yield findingOf(gap);
}

function findingOf({ kind, path, part, message, fix }: Gap): Finding {
  return { code: codes[kind], message, path, hint: fix, ...(part && { part }) };
}
