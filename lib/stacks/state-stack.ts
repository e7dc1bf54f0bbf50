import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ArtifactBucket } from '../constructs/artifact-bucket.ts';
import { DataKey } from '../constructs/data-key.ts';
import { HandleSecret } from '../constructs/handle-secret.ts';
import { LedgerTable } from '../constructs/ledger-table.ts';
import type { StageProps } from '../stages.ts';

/** What outlives every deployment. */
export class StateStack extends Stack {
  readonly ledger: LedgerTable;
  readonly artifacts: ArtifactBucket;
  readonly handleSecret: HandleSecret;

  constructor(scope: Construct, id: string, stage: StageProps) {
    super(scope, id, { env: stage.env, description: 'Skein: ledger, artifacts and the secret of handles' });
    const key = stage.hasOwnKey ? new DataKey(this, 'Key', { stage }) : undefined;
    this.ledger = new LedgerTable(this, 'Ledger', { stage, key });
    this.artifacts = new ArtifactBucket(this, 'Artifacts', { stage, key });
    this.handleSecret = new HandleSecret(this, 'HandleSecret', { stage, key });
  }
}
