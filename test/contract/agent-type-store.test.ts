import { createMemoryAgentTypeStore, createSqliteAgentTypeStore } from '../../adapters/embedded/index.ts';
import { databaseOnDisk } from '../makers/temporary-directory.ts';
import { agentTypeStoreContract } from './agent-type-store.contract.ts';

agentTypeStoreContract('createMemoryAgentTypeStore', createMemoryAgentTypeStore);
agentTypeStoreContract('createSqliteAgentTypeStore', () => createSqliteAgentTypeStore({ database: databaseOnDisk() }));
