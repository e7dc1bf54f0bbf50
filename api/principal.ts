/** What a caller may do; `admin` may do everything. */
export const scopes = [
  'workflow:read',
  'workflow:publish',
  'workflow:execute',
  'execution:control',
  'execution:recover',
  'approval:decide',
  'agent:work',
  'admin',
] as const;
export type Scope = (typeof scopes)[number];

/** Who asks, as a verified token or key says. */
export interface Principal {
  readonly tenant: string;
  /** Stable within the tenant: what audits and events name. */
  readonly subject: string;
  readonly scopes: ReadonlySet<string>;
  /** Groups or roles of the organisation, as the token lists them. */
  readonly roles: readonly string[];
}

export function mayDo({ scopes: held }: Principal, scope: Scope): boolean {
  return held.has(scope) || held.has('admin');
}
