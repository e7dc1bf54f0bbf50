import { ConflictError } from '../../core/errors/index.ts';
import { parseJson } from '../../core/json/index.ts';
import type { BlobStore, DefinitionStore, PublishedVersion, PublishedWorkflow } from '../../core/ports/index.ts';
import { conditions } from './dynamo-conditions.ts';
import { recordsIn } from './dynamo-records.ts';
import { createDynamoTable, type DynamoDeps } from './dynamo-table.ts';
import { createKeys } from './keys.ts';

/** What stands in the table of a version; plan and machines, which may be larger than an item, stand in the blob store. */
interface VersionRecord extends PublishedVersion {
  readonly isDraft?: true;
  /** Digest of a Body's JSON. */
  readonly body: string;
}

type Body = Omit<PublishedWorkflow, keyof PublishedVersion | 'isDraft'>;

interface DefinitionStoreDeps extends DynamoDeps {
  readonly blobs: BlobStore;
}

/** Versions of one tenant in one partition, so that every list is a strong read. They are few, and the engine keeps what it has read. */
export function createDynamoDefinitionStore({
  client,
  table: place,
  tenant,
  blobs,
}: DefinitionStoreDeps): DefinitionStore {
  const table = createDynamoTable({ client, table: place });
  const versions = recordsIn<VersionRecord>(table);
  const keys = createKeys(tenant);

  async function load({ body, ...version }: VersionRecord): Promise<PublishedWorkflow> {
    // A casting boundary: `publish` has put it, under the digest of its content.
    return { ...version, ...(parseJson(await blobs.get(body)) as unknown as Body) };
  }
  return {
    publish: async (workflow) => {
      const { name, version, digest, publishedAt, isDraft, ...body } = workflow;
      const record: VersionRecord = {
        ...{ name, version, digest, publishedAt },
        ...(isDraft && { isDraft }),
        body: await blobs.put(JSON.stringify(body satisfies Body)),
      };
      const key = keys.version(name, version);
      const result = await table.put({ ...key, kind: 'version', record: JSON.stringify(record) }, conditions.isNew());
      if (result.kind === 'stored') return;
      const stored = await versions.find(key);
      if (stored?.digest !== digest) throw versionExists(workflow);
    },
    find: async (name, version) => {
      const found = await versions.find(keys.version(name, version));
      return found && load(found);
    },
    findLatest: async (name) => {
      const latest = (await versions.list(keys.versions(name))).filter(isPublic).sort(compareAges).at(-1);
      return latest && load(latest);
    },
    list: async () => {
      const all = (await versions.list(keys.versions())).filter(isPublic);
      return all
        .sort((a, b) => compareTexts(a.name, b.name) || compareAges(a, b))
        .map(({ name, version, digest, publishedAt }) => ({ name, version, digest, publishedAt }));
    },
  };
}

const isPublic = ({ isDraft }: VersionRecord): boolean => !isDraft;

function compareAges(a: VersionRecord, b: VersionRecord): number {
  return a.publishedAt - b.publishedAt || compareTexts(a.version, b.version);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function versionExists({ name, version }: PublishedWorkflow): ConflictError {
  return new ConflictError({
    code: 'version_exists',
    message: `version ${version} of ${name} is already published with other content`,
    hint: 'Raise the version of the workflow.',
    details: { name, version },
  });
}
