import { plan } from '../../core/plan/index.ts';
import { proveSaga, type SagaProof } from '../../core/saga-proof/index.ts';
import { validDefinition } from './valid-definition.ts';

/** The proof of a workflow whose keys are given; name, version and an agent `shop` are there already. Throws for one that is not valid. */
export function proofOf(keys: object): SagaProof | undefined {
  const workflow = { name: 'w', version: '1', agents: { shop: { type: 'shop' } }, ...keys };
  const valid = validDefinition(JSON.stringify({ workflow }));
  return proveSaga(valid.definition.workflow, plan(valid, { versionOf: () => '1' }));
}
