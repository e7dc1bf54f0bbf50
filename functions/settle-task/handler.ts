import { eachMessage } from '../batch.ts';
import { engineRuntime, environmentOf } from '../compose.ts';
import { observed } from '../observed.ts';
import { aboutRecord, settleRecord } from './settle-record.ts';

const runtime = engineRuntime(environmentOf('settle-task'));

/** Lambda's records of what agents have answered, from the answer queue. */
export const handler = observed(
  eachMessage(runtime.report, { take: (body) => settleRecord(runtime, body), about: aboutRecord }),
  { background: runtime.background },
);
