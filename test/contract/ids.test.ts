import { createSystemClock, createSystemIds } from '../../adapters/embedded/index.ts';
import { createSeededIds } from '../makers/seeded-ids.ts';
import { idsContract } from './ids.contract.ts';

idsContract('createSystemIds', () => createSystemIds({ clock: createSystemClock({ since: 0 }) }));
idsContract('createSeededIds', () => createSeededIds(42));
