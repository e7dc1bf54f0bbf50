#!/usr/bin/env node
// The program. JavaScript, so that what strips types is loaded only where the compile cache does not have the result already: a tenth of
// the time that a short command takes.
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./main.ts');
