import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createDynamoDefinitionStore,
  createDynamoLedgerStore,
  createDynamoViewStore,
  createS3BlobStore,
  createS3Objects,
} from '../../../adapters/aws/index.ts';
import type { Stores } from '../../../local/index.ts';
import { anS3Server } from '../../makers/an-s3-server.ts';
import { randomScenarioOf, printScenario, type Scenario } from '../../../simulation/index.ts';
import { aTable, type TableDeps } from './a-table.ts';
import { chooseBy, plantFaults } from './faulty-client.ts';
import { runThroughFaults } from './run-through-faults.ts';

const table = aTable();
const s3 = anS3Server();

/** One execution, which nobody outside disturbs or has to help. */
const scenarios = randomScenarioOf({ agent: 24, child: 0, wait: 0, emit: 3, loop: 4, group: 4, forEach: 2 }).map(
  (scenario): Scenario => ({
    ...scenario,
    document: { workflow: { ...scenario.document.workflow, timeout: '30d' } },
    cancelAt: undefined,
    events: [],
    echo: false,
  }),
);

/** Milliseconds; a run makes some thousand requests, and takes 5 s on an idle machine. */
const TIMEOUT = 300_000;

const luck = fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 50, maxLength: 99 });

function storesOn(deps: TableDeps): Stores {
  const bucket = { client: s3.client(), bucket: s3.bucket, tenant: deps.tenant };
  const blobs = createS3BlobStore(bucket);
  return {
    ledger: createDynamoLedgerStore(deps),
    definitions: createDynamoDefinitionStore({ ...deps, blobs }),
    views: createDynamoViewStore({ ...deps, objects: createS3Objects(bucket) }),
    blobs,
    handleSecret: 'secret',
  };
}

describe('an engine on DynamoDB and S3', () => {
  it.each([
    { faults: 'that the SDK hides', percent: 25, attempts: 12 },
    { faults: 'that processes die of', percent: 5, attempts: 2 },
  ])(
    'ends random workflows and breaks no promise in spite of faults $faults',
    async ({ percent, attempts }) => {
      await fc.assert(
        fc.asyncProperty(scenarios, luck, async (scenario, numbers) => {
          const deps = table.deps();
          let lives = 0;
          const run = await runThroughFaults({
            scenario,
            tenant: deps.tenant,
            sound: storesOn(deps),
            createStores: () => {
              const client = table.newClient(attempts);
              const start = lives++ % numbers.length;
              plantFaults(client, chooseBy([...numbers.slice(start), ...numbers.slice(0, start)], percent));
              return storesOn({ ...deps, client });
            },
          });

          const broken = run.violations.map(({ path, message }) => `${path}: ${message}`);
          if (broken.length > 0) throw new Error(`${broken.join('\n')}\n${printScenario(scenario)}`);
          expect(['succeeded', 'failed']).toContain(run.status);
        }),
        { numRuns: 5, endOnFailure: true },
      );
    },
    TIMEOUT,
  );
});
