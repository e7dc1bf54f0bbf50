import type { JsonObject } from '../json/index.ts';
import type { Usage } from './agent-contract.ts';

/** How an agent type runs. The definition stays the same from laptop to cloud; this does not. */
export type AgentRuntimeKind = 'local' | 'lambda' | 'ecs' | 'http' | 'human' | 'model';

interface AgentTypeBase {
  readonly name: string;
  readonly capabilities: readonly string[];
  /** JSON Schema 2020-12 of the input, checked before each call. */
  readonly input?: JsonObject;
  /** JSON Schema 2020-12 of the output, checked on each answer. */
  readonly output?: JsonObject;
  /** What one call uses at most, in US dollars and tokens: a budget reserves it. Absent: nobody says. */
  readonly cost?: Usage;
}

/** A function in a module on this machine, run in a worker process. */
export interface LocalAgentType extends AgentTypeBase {
  readonly runtime: 'local';
  /** Absolute path of the module; its default export is an `AgentFunction`. */
  readonly module: string;
}

/** A server that takes the call by POST and answers by its handle. */
export interface HttpAgentType extends AgentTypeBase {
  readonly runtime: 'http';
  readonly url: string;
  /** Value of the Authorization header sent with each call. */
  readonly auth?: string;
}

/** A person. The form to fill in is the `output` schema. */
export interface HumanAgentType extends AgentTypeBase {
  readonly runtime: 'human';
  /** Who may decide, by role or by name; both absent: anybody who may decide at all. */
  readonly roles?: readonly string[];
  readonly assignees?: readonly string[];
}

/** An AWS Lambda function, which is invoked asynchronously. */
export interface LambdaAgentType extends AgentTypeBase {
  readonly runtime: 'lambda';
  /** Or its name, in the engine's own account. */
  readonly functionArn: string;
  /** The role under which it is called; absent: that of the tenant. */
  readonly roleArn?: string;
}

/** Known to the language; this version cannot run it embedded. */
export interface RemoteAgentType extends AgentTypeBase {
  readonly runtime: 'ecs' | 'model';
}

export type AgentType = LocalAgentType | HttpAgentType | HumanAgentType | LambdaAgentType | RemoteAgentType;

/** Agent types by name. */
export type AgentCatalogue = ReadonlyMap<string, AgentType>;
