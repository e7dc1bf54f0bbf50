import { Duration, RemovalPolicy, type Environment } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { readSettings, settingNames, type SettingName } from '../core/settings/index.ts';

export const stageNames = ['dev', 'prod'] as const;
export type StageName = (typeof stageNames)[number];

/** Whose tokens the API takes. Without it only API keys open the door. */
export interface TokenIssuer {
  /** The `iss` of its tokens. */
  readonly issuer: string;
  /** The `aud` that its tokens must name. */
  readonly audience: string;
  readonly jwksUrl: string;
}

/** All in which stages differ; no stack asks for a stage by its name. */
export interface StageProps {
  /** Part of every physical name, so that stages live side by side in one account. */
  readonly name: StageName;
  /** Absent members come from the CLI's profile at deploy. */
  readonly env: Environment;
  /** What becomes of tables, buckets, keys and logs when their stack is deleted. */
  readonly removal: RemovalPolicy.DESTROY | RemovalPolicy.RETAIN;
  /** True: a function of CDK's deletes all objects before the bucket goes, which would fail otherwise. */
  readonly emptiesBucket: boolean;
  /** A KMS key of one's own for table and bucket: 1 USD a month, rotated yearly, its use shows in CloudTrail. False: AWS's own keys. */
  readonly hasOwnKey: boolean;
  /** A web ACL before the API: 5 USD a month, and 1 USD for each of its rules. */
  readonly hasFirewall: boolean;
  readonly architecture: 'arm64' | 'x86_64';
  /** Of functions and of API access. */
  readonly logRetention: RetentionDays;
  /** How long the bus keeps events for a replay. Absent: no archive. */
  readonly archive?: Duration;
  /** How often the sweeper looks for what was lost. */
  readonly sweepEvery: Duration;
  /** False: the dashboards are left out. */
  readonly hasDashboards: boolean;
  /** Requests a second of all callers together, and how many may come at once. */
  readonly throttle: { readonly rate: number; readonly burst: number };
  readonly issuer?: TokenIssuer;
  /** Variables of every function; those that are absent have their defaults. */
  readonly settings: Readonly<Record<string, string>>;
  /** Of an emulator, which serves every API below its own URL. Absent: AWS. */
  readonly endpoint?: string;
}

export interface StageOptions {
  readonly env?: Environment;
  /** URL of a LocalStack-compatible endpoint that the stacks are for: see `onEmulator`. */
  readonly emulator?: string;
  readonly architecture?: 'arm64' | 'x86_64';
  readonly issuer?: TokenIssuer;
  /** By their names, as MAX_CONCURRENT_WORKFLOWS. */
  readonly settings?: Readonly<{ [Name in SettingName]?: string }>;
}

const everyStage = {
  architecture: 'arm64',
  logRetention: RetentionDays.ONE_MONTH,
  hasDashboards: true,
} as const satisfies Partial<StageProps>;

const stages: Readonly<Record<StageName, Omit<StageProps, 'env' | 'name' | 'settings'>>> = {
  dev: {
    ...everyStage,
    removal: RemovalPolicy.DESTROY,
    emptiesBucket: true,
    hasOwnKey: false,
    hasFirewall: false,
    archive: Duration.days(1),
    sweepEvery: Duration.minutes(5),
    throttle: { rate: 50, burst: 100 },
  },
  prod: {
    ...everyStage,
    removal: RemovalPolicy.RETAIN,
    emptiesBucket: false,
    hasOwnKey: true,
    hasFirewall: true,
    // EVENT_RETENTION_HOURS (168) and a week to notice that a consumer was wrong.
    archive: Duration.days(14),
    sweepEvery: Duration.minutes(1),
    throttle: { rate: 1_000, burst: 2_000 },
  },
};

/** The settings that somebody has said something of. */
export function findSettings(find: (name: SettingName) => string | undefined): NonNullable<StageOptions['settings']> {
  const found = settingNames.map((name) => [name, find(name)] as const).filter(([, value]) => value !== undefined);
  return Object.fromEntries(found);
}

/** A stage by its name; throws a RangeError that lists the names, or says which settings are wrong. */
export function stageOf(stageName: string, options: StageOptions = {}): StageProps {
  const name = stageNameOf(stageName);
  const { env = {}, emulator, architecture, issuer, settings = {} } = options;
  const { faults } = readSettings(settings);
  if (faults.length > 0) throw new RangeError(`The settings of the stage are wrong: ${faults.join('; ')}.`);
  const stage: StageProps = {
    ...stages[name],
    name,
    env,
    settings,
    ...(architecture && { architecture }),
    ...(issuer && { issuer }),
  };
  return emulator === undefined ? stage : onEmulator(stage, emulator);
}

/**
 * LocalStack 4.13.1 skips resources of types that it does not know with a line in its log, or fails on them: archives of a
 * bus, dashboards, WAF. Its Lambda runtime has no SDK of its own, on which CDK's function that empties buckets relies.
 * Nothing that decides about an execution is among them.
 */
function onEmulator({ archive, ...stage }: StageProps, endpoint: string): StageProps {
  return { ...stage, endpoint, hasFirewall: false, hasDashboards: false, emptiesBucket: false };
}

/** Throws a RangeError that lists the names. */
export function stageNameOf(name: string): StageName {
  const found = stageNames.find((stage) => stage === name);
  if (found) return found;
  throw new RangeError(`There is no stage "${name}"; there are ${stageNames.join(' and ')}.`);
}
