import { createDynamoLedgerStore } from '../../../adapters/aws/index.ts';
import { decisionsContract } from '../../contract/decisions.contract.ts';
import { aTable } from './a-table.ts';

const table = aTable();

decisionsContract('createDynamoLedgerStore', () => createDynamoLedgerStore(table.deps()));
