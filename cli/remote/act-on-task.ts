import { z } from 'zod';
import { manualActions, type ManualAction } from '../../core/execution/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { ApiClient } from './client.ts';

const time = z.iso.datetime().transform((text) => Date.parse(text));

const intervened = z.object({
  execution_id: z.string(),
  task: z.string(),
  action: z.enum(manualActions),
  by: z.string(),
  at: time,
});

/** What was done to a task by hand. Times are epoch milliseconds. */
export type IntervenedTask = z.infer<typeof intervened>;

export interface Acting {
  readonly action: ManualAction;
  readonly execution: string;
  /** Path of the task. */
  readonly task: string;
  readonly reason?: string;
  /** Of `complete`. */
  readonly output?: Json;
  /** Recognised when it comes again. */
  readonly request: string;
}

/** Sent again, it is recognised by its key, and acts once. */
export function actOnTask(client: ApiClient, acting: Acting): Promise<IntervenedTask> {
  const { action, execution, task, reason, output, request: key } = acting;
  const [id, path] = [execution, task.replaceAll('/', '~')].map(encodeURIComponent);
  const json = { ...(reason !== undefined && { reason }), ...(output !== undefined && { output }) };
  return client.json(
    { method: 'POST', path: `/api/v1/executions/${id}/tasks/${path}/${action}`, json, key },
    intervened,
  );
}
