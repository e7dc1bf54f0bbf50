import { randomUUID } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parseJson } from '../../core/json/index.ts';
import type { ExecutionView } from '../../core/projections/index.ts';
import type { S3Objects } from './s3-objects.ts';

/** How a view stands in its item: as text, compressed, or by the key of an object that holds it compressed. */
type ViewBody = { readonly record: string } | { readonly packed: Uint8Array } | { readonly object: string };

/** Up to this many bytes a view stays readable. A write costs one unit for each 1 KB, and a view is written again and again. */
const PLAIN_BYTES = 4 * 1024;
/** Below DynamoDB's 400 KB with room for the keys, and already a hundred times the price of an object. */
const ITEM_BYTES = 300 * 1024;

export interface ViewBodies {
  /** Puts what does not fit into the item where it can be found. */
  write(view: ExecutionView): Promise<ViewBody>;
  /** Undefined: its object was taken away, because another one has taken its place. */
  read(item: object): Promise<ExecutionView | undefined>;
}

export function createViewBodies(objects: S3Objects): ViewBodies {
  return {
    write: async (view) => {
      const record = JSON.stringify(view);
      if (Buffer.byteLength(record) <= PLAIN_BYTES) return { record };
      const packed = gzipSync(record);
      if (packed.byteLength <= ITEM_BYTES) return { packed };
      // Of this write alone, so that whoever replaces it may take it away.
      const object = `views/${view.execution}/${randomUUID()}`;
      await objects.put(object, packed);
      return { object };
    },
    read: async (item) => {
      if ('record' in item) return viewOf(String(item.record));
      const object = objectOf(item);
      // A casting boundary: an item has one of the three.
      const packed = object === undefined ? (item as { packed: Uint8Array }).packed : await objects.find(object);
      return packed && viewOf(gunzipSync(packed).toString());
    },
  };
}

/** The key of the object that holds the view, where one does. */
export function objectOf(item: object | undefined): string | undefined {
  return item && 'object' in item ? String(item.object) : undefined;
}

function viewOf(text: string): ExecutionView {
  // A casting boundary: `write` has made it.
  return parseJson(text) as unknown as ExecutionView;
}
