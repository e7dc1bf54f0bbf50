import { createSystemClock, createSystemIds, createSeededIds } from '../../adapters/embedded/index.ts';
import { idsContract } from './ids.contract.ts';

idsContract('createSystemIds', () => createSystemIds({ clock: createSystemClock({ since: 0 }) }));
idsContract('createSeededIds', () => createSeededIds(42));
