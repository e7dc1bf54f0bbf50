import { digestOf } from '../../core/json/index.ts';
import type { PublishedWorkflow } from '../../core/ports/index.ts';

/** All but the version that a machine's name depends on. */
export interface MachinePlace {
  readonly tenant: string;
  readonly region: string;
  /** Machines run under it; its account is the machines'. */
  readonly roleArn: string;
  readonly prefix: string;
  /** ARNs of what the machines call. */
  readonly functions: { readonly begin: string; readonly dispatch: string; readonly conclude: string };
}

export type NamedVersion = Pick<PublishedWorkflow, 'name' | 'version' | 'digest'>;

export interface MachineNames {
  nameOf(version: NamedVersion, part?: number): string;
  /** Known before the machine is made, so that a machine can name its parts. */
  arnOf(version: NamedVersion, part?: number): string;
}

/** Characters of a machine's name (Step Functions' limit). */
const LONGEST_NAME = 80;
/** Of the hash: 40 bits, so that 10,000 tenants with one and the same workflow meet by chance once in 20,000 cases. */
const HASH_LENGTH = 8;

/**
 * Machines are named `{prefix}{workflow}-{version}-{hash}`, parts with their number behind it. The hash covers content, tenant and
 * role: Step Functions would take a machine of the same name for the same machine, whatever role it is to run under.
 */
export function createMachineNames({ tenant, region, roleArn, prefix, functions }: MachinePlace): MachineNames {
  const [, partition = 'aws', , , account = ''] = roleArn.split(':');
  const nameOf = ({ name, version, digest }: NamedVersion, part?: number): string => {
    const hash = hashOf([
      tenant,
      name,
      version,
      digest,
      roleArn,
      functions.begin,
      functions.dispatch,
      functions.conclude,
    ]);
    const end = `-${hash}${part === undefined ? '' : `-${part}`}`;
    return legal(`${prefix}${name}-${version}`).slice(0, LONGEST_NAME - end.length) + end;
  };
  return {
    nameOf,
    arnOf: (version, part) => `arn:${partition}:states:${region}:${account}:stateMachine:${nameOf(version, part)}`,
  };
}

/** Only what CloudWatch's logs of a machine can bear as well. */
function legal(text: string): string {
  return text.replaceAll(/[^0-9A-Za-z_-]/g, '-');
}

const ALPHABET = '0123456789abcdefghijklmnopqrstuv';

function hashOf(parts: readonly string[]): string {
  let bits = BigInt(`0x${digestOf(parts).slice(0, HASH_LENGTH * 2)}`);
  const characters: string[] = [];
  for (; characters.length < HASH_LENGTH; bits /= 32n) characters.push(ALPHABET.charAt(Number(bits % 32n)));
  return characters.join('');
}
