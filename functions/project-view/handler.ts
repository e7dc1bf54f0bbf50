import { parser } from '@aws-lambda-powertools/parser/middleware';
import type * as z from 'zod';
import { engineRuntime, environmentOf, machineRequests, publicBus } from '../compose.ts';
import { observed } from '../observed.ts';
import { createProjection } from './project-changes.ts';
import { streamEvent, takeBatch } from './take-batch.ts';

const environment = environmentOf('project-view');
const runtime = engineRuntime(environment);
const project = createProjection({
  runtime,
  bus: publicBus(environment),
  requests: machineRequests(environment),
  source: `skein.${environment.SKEIN_STAGE}`,
});

/** The table's stream: views, events for whoever listens, and what a crash has swallowed. */
export const handler = observed(
  ({ Records }: z.infer<typeof streamEvent>) => takeBatch(Records, project, runtime.report),
  { background: runtime.background },
).use(parser({ schema: streamEvent }));
