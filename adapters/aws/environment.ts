import * as z from 'zod';
import { InvariantError } from '../../core/errors/index.ts';
import { readSettings, type Settings } from '../../core/settings/index.ts';

const text = z.string().min(1, 'is empty');
const url = z.url('is no URL');
const arn = (service: string) =>
  z.string().regex(new RegExp(`^arn:aws[\\w-]*:${service}:\\S+$`), `is no ARN of ${service}`);

/** What a stack tells a function. Each function gets those that it needs, and fails at its start without one of them. */
const variables = {
  AWS_REGION: text,
  SKEIN_STAGE: text,
  SKEIN_TABLE: text,
  SKEIN_BUCKET: text,
  /** Name or ARN of the bus that events go to. */
  SKEIN_BUS: text,
  SKEIN_TIMER_QUEUE_URL: url,
  /** Versions whose machines are to be created. */
  SKEIN_MACHINE_QUEUE_URL: url,
  /** Where what nobody could deal with ends: `timers=https://… answers=https://…`. */
  SKEIN_DEAD_LETTER_QUEUES: z.string().regex(/^\w+=https?:\S+( \w+=https?:\S+)*$/, 'lists no queues'),
  /** Answers of Lambda agents, and endings of machines: where a letter of theirs is sent again. */
  SKEIN_ANSWER_QUEUE_URL: url,
  SKEIN_ENDING_QUEUE_URL: url,
  SKEIN_BEGIN_ARN: arn('lambda'),
  SKEIN_DISPATCH_ARN: arn('lambda'),
  SKEIN_CONCLUDE_ARN: arn('lambda'),
  SKEIN_COMPILE_ARN: arn('lambda'),
  /** Machines run under it; a part of their names' hash. */
  SKEIN_MACHINE_ROLE_ARN: arn('iam'),
  /** Names of machines begin with it. */
  SKEIN_MACHINE_PREFIX: text,
  /** Of a secret of Secrets Manager, which signs the handles of agents. */
  SKEIN_HANDLE_SECRET_ARN: arn('secretsmanager'),
};

/** What a stack may leave out; an empty text is left out too, because templates know no absent variable. */
const options = {
  /** Of a LocalStack-compatible endpoint. */
  AWS_ENDPOINT_URL: url,
  /** Where agents and people reach the API, without a slash at the end. */
  SKEIN_API_URL: url.transform((address) => address.replace(/\/+$/, '')),
  /** Agents are called under it, with the tenant as session tag, where their type names no role of its own. */
  SKEIN_TENANT_ROLE_ARN: arn('iam'),
  /** Machines log into it and are traced; their role must allow both. */
  SKEIN_MACHINE_LOG_GROUP_ARN: arn('logs'),
  SKEIN_AUTH_ISSUER: url,
  SKEIN_AUTH_AUDIENCE: text,
  SKEIN_AUTH_JWKS_URL: url,
};

export type Variable = keyof typeof variables;
type Option = keyof typeof options;

export type Environment<Needed extends Variable = Variable> = {
  readonly [Name in Needed]: z.output<(typeof variables)[Name]>;
} & { readonly [Name in Option]?: z.output<(typeof options)[Name]> } & Settings;

const stores = ['AWS_REGION', 'SKEIN_STAGE', 'SKEIN_TABLE', 'SKEIN_BUCKET'] as const;
/** Whoever settles a task may have to do all that the engine can. */
const engine = [...stores, 'SKEIN_TIMER_QUEUE_URL', 'SKEIN_HANDLE_SECRET_ARN'] as const;
const machines = ['SKEIN_MACHINE_ROLE_ARN', 'SKEIN_MACHINE_PREFIX'] as const;
const links = ['SKEIN_BEGIN_ARN', 'SKEIN_DISPATCH_ARN', 'SKEIN_CONCLUDE_ARN'] as const;

/** The variables without which a function does not start, by the folders of `functions/`. */
export const neededVariables = {
  begin: engine,
  'dispatch-task': engine,
  conclude: engine,
  'settle-task': engine,
  'fire-timer': engine,
  sweep: [...engine, 'SKEIN_MACHINE_QUEUE_URL', 'SKEIN_DEAD_LETTER_QUEUES'],
  'project-view': [...engine, 'SKEIN_BUS', 'SKEIN_MACHINE_QUEUE_URL'],
  'compile-workflow': [...stores, ...links, ...machines],
  'apply-resource': ['AWS_REGION', 'SKEIN_STAGE', 'SKEIN_TABLE', 'SKEIN_COMPILE_ARN'],
  api: [
    ...engine,
    ...links,
    ...machines,
    'SKEIN_MACHINE_QUEUE_URL',
    'SKEIN_ANSWER_QUEUE_URL',
    'SKEIN_ENDING_QUEUE_URL',
  ],
} as const satisfies { readonly [name: string]: readonly Variable[] };

export type FunctionName = keyof typeof neededVariables;
export type EnvironmentOf<Name extends FunctionName> = Environment<(typeof neededVariables)[Name][number]>;

/**
 * What a function was told, checked once at its start. Throws InvariantError (`environment_incomplete`) that names every
 * variable which is missing or wrong; their values are not repeated.
 */
export function readEnvironment<Name extends FunctionName>(
  name: Name,
  source: Readonly<Record<string, string | undefined>>,
): EnvironmentOf<Name> {
  const needed = neededVariables[name].map((variable) => [variable, variables[variable]] as const);
  const optional = Object.entries(options).map(([variable, schema]) => [variable, schema.optional()] as const);
  const schema = z.object(Object.fromEntries([...needed, ...optional]));
  const filled = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(filled);
  const { settings, faults: wrong } = readSettings(source);
  // A casting boundary: the schema was made of the members that the type is made of.
  if (parsed.success && wrong.length === 0) return { ...parsed.data, ...settings } as unknown as EnvironmentOf<Name>;
  const misfits = (parsed.error?.issues ?? []).map(({ path: [variable], message }) => {
    const isMissing = filled[String(variable)] === undefined;
    return `${String(variable)} ${isMissing ? 'is missing' : message}`;
  });
  const faults = [...misfits, ...wrong];
  throw new InvariantError({
    code: 'environment_incomplete',
    message: `${name} cannot start: ${faults.join('; ')}.`,
    hint: 'The stack of the function sets these variables; deploy it anew.',
    details: { faults },
  });
}
