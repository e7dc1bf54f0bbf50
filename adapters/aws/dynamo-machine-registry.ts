import { recordsIn } from './dynamo-records.ts';
import { createDynamoTable, type DynamoDeps } from './dynamo-table.ts';
import { createKeys } from './keys.ts';

/** A version's machines as they stand in Step Functions. */
export interface RunnableMachines {
  readonly machineArn: string;
  /** Of its parts, by number; empty where one machine holds everything. */
  readonly partArns: readonly string[];
}

/**
 * Which published versions can be started. A version is published at once; its machines follow, because Step Functions creates
 * one a second.
 */
export interface MachineRegistry {
  /** From now on executions of the version start on these machines. */
  markRunnable(name: string, version: string, machines: RunnableMachines): Promise<void>;
  /** Undefined: not runnable yet, or never published. */
  findMachines(name: string, version: string): Promise<RunnableMachines | undefined>;
}

export function createDynamoMachineRegistry({ client, table: place, tenant }: DynamoDeps): MachineRegistry {
  const table = createDynamoTable({ client, table: place });
  const machines = recordsIn<RunnableMachines>(table);
  const keys = createKeys(tenant);
  return {
    markRunnable: async (name, version, { machineArn, partArns }) => {
      const record = JSON.stringify({ machineArn, partArns } satisfies RunnableMachines);
      await table.put({ ...keys.machines(name, version), kind: 'machines', record }, undefined);
    },
    findMachines: (name, version) => machines.find(keys.machines(name, version)),
  };
}
