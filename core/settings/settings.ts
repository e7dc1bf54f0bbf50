/** One variable. */
interface SettingRow {
  readonly usual: number;
  /** Absent: as much as one likes. */
  readonly most?: number;
  readonly meaning: string;
  /** False: known and checked, so that one file of variables serves; nothing in this version acts on it. */
  readonly acts: boolean;
}

/** All of them are whole numbers of at least 1. */
export const settingRows = {
  MAX_CONCURRENT_WORKFLOWS: {
    usual: 1000,
    // Each start reads the places of its tenant: 10,000 are 1 MB.
    most: 10_000,
    meaning: 'Executions of a tenant that may go on at once; a request for one more is answered with 507.',
    acts: true,
  },
  WORKFLOW_TIMEOUT_HOURS: {
    usual: 24,
    // A state waits a year at the most (AWS's limit).
    most: 8760,
    meaning: 'What an execution may take where its definition says nothing; settled when it is published.',
    acts: true,
  },
  CIRCUIT_BREAKER_FAILURE_THRESHOLD: {
    usual: 5,
    meaning: 'Failures in a row that open a breaker which says nothing; settled when the workflow is published.',
    acts: true,
  },
  AGENT_ALLOCATION_TIMEOUT_SECONDS: {
    usual: 300,
    // An execution waits a year at the most.
    most: 31_536_000,
    meaning:
      'How long a task waits for a pool, a rate or a breaker where it has no `queue_timeout`; settled when it is published.',
    acts: true,
  },
  SAGA_COMPENSATION_TIMEOUT_SECONDS: {
    usual: 600,
    most: 31_536_000,
    meaning:
      'What one attempt to undo a task may take where its `compensate` has no `timeout`; settled when it is published.',
    acts: true,
  },
  EVENT_RETENTION_HOURS: {
    usual: 168,
    meaning: 'How long a deployment keeps events of the coordination bus. Histories of executions are kept for good.',
    acts: true,
  },
  CHECKPOINT_INTERVAL_MINUTES: {
    usual: 5,
    meaning: 'Checkpoints of executions that go on. A checkpoint is made by each pause.',
    acts: false,
  },
  HEALTH_CHECK_INTERVAL_SECONDS: {
    usual: 30,
    meaning: 'Between signs of life of an instance.',
    acts: false,
  },
  HEARTBEAT_TIMEOUT_SECONDS: {
    usual: 90,
    meaning: 'Without a sign of life, an instance is offline.',
    acts: false,
  },
  GRACEFUL_SHUTDOWN_TIMEOUT_SECONDS: {
    usual: 120,
    meaning: 'What an instance gets to finish. `serveHttp` of the SDK takes it as an argument.',
    acts: false,
  },
} as const satisfies Readonly<Record<string, SettingRow>>;

export type SettingName = keyof typeof settingRows;
export type Settings = Readonly<Record<SettingName, number>>;

// Casting boundaries: the keys of an object, and an object made of all of them.
export const settingNames = Object.keys(settingRows) as readonly SettingName[];
export const usualSettings = Object.fromEntries(
  settingNames.map((name) => [name, settingRows[name].usual]),
) as unknown as Settings;

/** Absent and empty variables have their defaults. `faults` names those that are wrong, and repeats no value. */
export function readSettings(source: Readonly<Record<string, string | undefined>>): {
  readonly settings: Settings;
  readonly faults: readonly string[];
} {
  const faults: string[] = [];
  const read = (name: SettingName): number => {
    const { usual, most = Infinity }: SettingRow = settingRows[name];
    const text = source[name] ?? '';
    if (text === '') return usual;
    const value = Number(text);
    const fault = faultOf(value, most);
    if (fault === undefined) return value;
    faults.push(`${name} ${fault}`);
    return usual;
  };
  const settings = Object.fromEntries(settingNames.map((name) => [name, read(name)])) as unknown as Settings;
  return { settings, faults };
}

function faultOf(value: number, most: number): string | undefined {
  if (Number.isNaN(value)) return 'is no number';
  if (!Number.isSafeInteger(value)) return 'is no whole number';
  if (value < 1) return 'is less than 1';
  return value > most ? `is more than ${most}` : undefined;
}
