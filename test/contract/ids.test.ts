import { createSystemClock, createSystemIds } from '../../adapters/embedded/index.ts';
import { createSeededIds } from '../makers/seeded-ids.ts';
import { idsContract } from './ids.contract.ts';

idsContract('createSystemIds', () => createSystemIds({ clock: createSystemClock() }));
idsContract('createSeededIds', () => createSeededIds(42));
