import { createDynamoLedgerStore } from '../../../adapters/aws/index.ts';
import { ledgerStoreContract } from '../../contract/ledger-store.contract.ts';
import { aTable } from './a-table.ts';

const table = aTable();

ledgerStoreContract('createDynamoLedgerStore', () => createDynamoLedgerStore(table.deps()), 16);
