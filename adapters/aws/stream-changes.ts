import * as z from 'zod';
import { executionId, taskPath, type ExecutionId, type TaskPath } from '../../core/ids/index.ts';
import { parseJson } from '../../core/json/index.ts';

/** What a record of the table's stream is about: whose item, and where the truth is to be read. Never the truth itself. */
export type StreamChange = { readonly tenant: string } & (
  | { readonly kind: 'execution'; readonly execution: ExecutionId }
  | { readonly kind: 'task'; readonly execution: ExecutionId; readonly path: TaskPath }
  | { readonly kind: 'event'; readonly execution: ExecutionId; readonly path: TaskPath | ''; readonly n: number }
  | { readonly kind: 'control'; readonly key: string }
  | { readonly kind: 'bus_event'; readonly type: string }
  | { readonly kind: 'version'; readonly name: string; readonly version: string }
);

const text = z.object({ S: z.string() });

/** An item as the stores write it, in the stream's own form of attributes. */
const image = z.object({ kind: text, record: text });

/** As far as we read a record of the stream. */
const streamRecord = z.object({
  dynamodb: z.object({ Keys: z.object({ pk: text }), NewImage: image.optional().catch(undefined) }),
});

const id = z.string().transform(executionId);
/** What names the item, by its kind; other kinds follow from these and are nobody's news. */
const records = {
  execution: z.object({ id }).transform(({ id: execution }) => ({ kind: 'execution', execution }) as const),
  task: z
    .object({ execution: id, path: z.string() })
    .transform(({ execution, path }) => ({ kind: 'task', execution, path: taskPath(path) }) as const),
  event: z
    .object({ execution: id, path: z.string(), n: z.int() })
    .transform(
      ({ execution, path, n }) => ({ kind: 'event', execution, path: path === '' ? '' : taskPath(path), n }) as const,
    ),
  control: z.object({ key: z.string() }).transform(({ key }) => ({ kind: 'control', key }) as const),
  bus_event: z.object({ type: z.string() }).transform(({ type }) => ({ kind: 'bus_event', type }) as const),
  version: z
    .object({ name: z.string(), version: z.string() })
    .transform(({ name, version }) => ({ kind: 'version', name, version }) as const),
};

/** Undefined for what nothing follows from: removed items, and items that only serve to find others. */
export function readStreamRecord(record: unknown): StreamChange | undefined {
  const { dynamodb } = streamRecord.parse(record);
  const { Keys, NewImage } = dynamodb;
  const kind = NewImage?.kind.S;
  if (!NewImage || kind === undefined || !isKnown(kind)) return undefined;
  return { tenant: tenantOf(Keys.pk.S), ...records[kind].parse(parseJson(NewImage.record.S)) };
}

function isKnown(kind: string): kind is keyof typeof records {
  return Object.hasOwn(records, kind);
}

/** The second part of every key but one (keys.ts), in which `%` and `#` are escaped. */
function tenantOf(pk: string): string {
  const [, tenant = ''] = pk.split('#');
  return tenant.replaceAll('%23', '#').replaceAll('%25', '%');
}
