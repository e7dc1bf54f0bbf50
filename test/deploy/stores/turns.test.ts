import { createDynamoLedgerStore } from '../../../adapters/aws/index.ts';
import { turnsContract } from '../../contract/turns.contract.ts';
import { aTable } from './a-table.ts';

const table = aTable();

turnsContract('createDynamoLedgerStore', () => createDynamoLedgerStore(table.deps()));
