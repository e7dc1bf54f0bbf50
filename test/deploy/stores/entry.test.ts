import { createDynamoLedgerStore } from '../../../adapters/aws/index.ts';
import { entryContract } from '../../contract/entry.contract.ts';
import { aTable } from './a-table.ts';

const table = aTable();

entryContract('createDynamoLedgerStore', () => createDynamoLedgerStore(table.deps()));
