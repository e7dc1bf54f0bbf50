import { resolveValue } from './resolve-template.ts';
import type { SynthesizedStage } from './synthesized.ts';

/** A request as IAM sees it. */
export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  /** Condition keys: of the request, of the resource (`aws:ResourceTag/…`), of the session (`aws:PrincipalTag/…`). */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Conditions;
  /** Of a trust policy. */
  readonly principals: unknown;
}

export interface SimulatedRole {
  readonly arn: string;
  readonly statements: readonly Statement[];
  /** Absent: nothing bounds it. */
  readonly boundary?: readonly Statement[];
  readonly trust: readonly Statement[];
}

/**
 * Would IAM let the role do this? A deny wins, an allow is needed, and within a boundary it needs one there too.
 * Of identity policies only: no resource here has a policy that opens it to others.
 */
export function isAllowed(role: SimulatedRole, request: AccessRequest): boolean {
  return allows(role.statements, request) && (!role.boundary || allows(role.boundary, request));
}

/** Would IAM let somebody with this ARN assume the role, and with these condition keys? */
export function mayAssume(role: SimulatedRole, principal: string, request: Omit<AccessRequest, 'resource'>): boolean {
  const context = { ...request.context, 'aws:PrincipalArn': principal };
  // The trust policies here trust the whole account and choose by conditions, or name a service.
  const ofAccount = role.trust.filter(({ principals }) => JSON.stringify(principals).includes(':root'));
  return allows(
    ofAccount.map((statement) => ({ ...statement, resources: [role.arn] })),
    { ...request, resource: role.arn, context },
  );
}

/** The statements that let the role do an action on anything, under whatever conditions. */
export function grantsOf(role: SimulatedRole, action: string): readonly Statement[] {
  return role.statements.filter(
    ({ effect, actions }) => effect === 'Allow' && actions.some((pattern) => matches(pattern, action, 'i')),
  );
}

function allows(statements: readonly Statement[], request: AccessRequest): boolean {
  const applying = statements.filter((statement) => applies(statement, request));
  return applying.length > 0 && applying.every(({ effect }) => effect === 'Allow');
}

function applies(
  { actions, resources, conditions }: Statement,
  { action, resource, context = {} }: AccessRequest,
): boolean {
  return (
    actions.some((pattern) => matches(pattern, action, 'i')) &&
    resources.some((pattern) => matches(pattern, resource)) &&
    Object.entries(conditions).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, context[key], [wanted].flat(), context)),
    )
  );
}

function holds(
  operator: string,
  given: string | readonly string[] | undefined,
  wanted: readonly string[],
  context: NonNullable<AccessRequest['context']>,
): boolean {
  const patterns = wanted.map((pattern) => filledIn(pattern, context)).filter((pattern) => pattern !== undefined);
  const equal = (value: string): boolean => patterns.includes(value);
  const like = (value: string): boolean => patterns.some((pattern) => matches(pattern, value));
  const values = given === undefined ? [] : [given].flat();
  switch (operator) {
    case 'StringEquals':
      return values.length === 1 && values.every(equal);
    case 'StringLike':
    case 'ArnLike':
      return values.length === 1 && values.every(like);
    case 'ForAllValues:StringEquals':
      return values.every(equal);
    case 'Bool':
      return values.some((value) => equal(value));
    default:
      throw new RangeError(`The simulator does not know ${operator}.`);
  }
}

/** Variables of a policy; undefined where the request has no such key, and then nothing matches. */
function filledIn(pattern: string, context: NonNullable<AccessRequest['context']>): string | undefined {
  const keys = [...pattern.matchAll(/\$\{([^}]+)\}/g)].map(([, key = '']) => key);
  if (keys.some((key) => typeof context[key] !== 'string')) return undefined;
  return pattern.replaceAll(/\$\{([^}]+)\}/g, (_, key: string) => String(context[key]));
}

function matches(pattern: string, text: string, flags = ''): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, `s${flags}`).test(text);
}

/** Every role of a stage: those of functions by the function's folder, others by their logical id. */
export function rolesOf(stage: SynthesizedStage): ReadonlyMap<string, SimulatedRole> {
  const found = Object.keys(stage.stacks).flatMap((stack) =>
    Object.entries(stage.stacks[stack] ?? {})
      .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
      .map(([id]) => [nameOfRole(stage, stack, id), roleOf(stage, stack, id)] as const),
  );
  return new Map(found);
}

function nameOfRole(stage: SynthesizedStage, stack: string, id: string): string {
  const owner = Object.values(stage.stacks[stack] ?? {}).find(
    ({ Type, Properties }) =>
      Type === 'AWS::Lambda::Function' && JSON.stringify(Properties?.['Role']).includes(`"${id}"`),
  );
  const name = owner?.Properties?.['FunctionName'];
  return typeof name === 'string' ? name.replace(/^skein-(dev|prod)-/, '') : id;
}

function roleOf(stage: SynthesizedStage, stack: string, id: string): SimulatedRole {
  const resources = stage.stacks[stack] ?? {};
  const statementsOf = (document: unknown): Statement[] => readStatements(resolveValue(stage, stack, document));
  const { Properties = {} } = resources[id] ?? {};
  const attached = Object.values(resources).filter(
    (policy) => policy.Type === 'AWS::IAM::Policy' && JSON.stringify(policy.Properties?.['Roles']).includes(`"${id}"`),
  );
  const boundary = boundaryOf(resources, Properties['PermissionsBoundary']);
  return {
    arn: String(resolveValue(stage, stack, { 'Fn::GetAtt': [id, 'Arn'] })),
    statements: attached.flatMap((policy) => statementsOf(policy.Properties?.['PolicyDocument'])),
    trust: statementsOf(Properties['AssumeRolePolicyDocument']),
    ...(boundary !== undefined && { boundary: statementsOf(boundary) }),
  };
}

function boundaryOf(resources: SynthesizedStage['stacks'][string], reference: unknown): unknown {
  if (reference === undefined) return undefined;
  const { Ref: id = '' } = reference as { Ref?: string };
  return resources[id]?.Properties?.['PolicyDocument'];
}

function readStatements(document: unknown): Statement[] {
  const { Statement = [] } = document as { Statement?: readonly Readonly<Record<string, unknown>>[] };
  return Statement.map(({ Effect, Action, Resource, Condition, Principal }) => ({
    effect: Effect as Statement['effect'],
    actions: [Action ?? []].flat() as string[],
    resources: [Resource ?? []].flat() as string[],
    conditions: (Condition ?? {}) as Conditions,
    principals: Principal,
  }));
}

/** What every role may do, for people to read: one line for each statement. */
export function policiesText(roles: ReadonlyMap<string, SimulatedRole>): string {
  return [...roles]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { statements, boundary }]) => {
      const lines = statements.map(lineOf).sort();
      return `${name}${boundary ? ' (bounded)' : ''}\n${lines.map((line) => `  ${line}\n`).join('')}`;
    })
    .join('\n');
}

function lineOf({ effect, actions, resources, conditions }: Statement): string {
  const when = Object.keys(conditions).length > 0 ? ` when ${JSON.stringify(conditions)}` : '';
  return `${effect} ${actions.join(' ')} on ${resources.join(' ')}${when}`;
}
