import { CustomResource, Duration, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { AgentType } from '../../core/agents/index.ts';
import { parseAgentCatalogue } from '../../core/definition/index.ts';
import { printDiagnostics } from '../../core/diagnostics/index.ts';
import type { JsonObject } from '../../core/json/index.ts';
import { homeOf, lookUp, type Home, type HomeProps } from './stage-facts.ts';

export interface AgentProps extends HomeProps {
  /** The agent type's name, by which workflows know it. */
  readonly type: string;
  /** What agents of this type can do; a task finds them by `requires`. */
  readonly capabilities?: readonly string[];
  /** JSON Schema (2020-12) of the input. One that breaks it fails the task for good, as `InvalidInput`, before any call. */
  readonly input?: JsonObject;
  /** JSON Schema (2020-12) of the answer. One that breaks it fails the task for good, as `InvalidOutput`. */
  readonly output?: JsonObject;
  /** What one call uses at most, in dollars and tokens: a budget reserves it until the call ends. */
  readonly cost?: AgentType['cost'];
}

/** How an agent type runs: a member of `agent_types`, as an agent catalogue would say it. */
export type AgentTypeText = { readonly runtime: AgentType['runtime'] } & JsonObject;

/** How long CloudFormation waits for the registration, which is one write. */
const PATIENCE = Duration.minutes(5);

/** Registers an agent type with a stage of Skein that is deployed already: the engine's stacks are not asked, only their facts. */
export class AgentRegistration extends Construct {
  /** For who compiles a workflow with it; absent when it is not valid, and then synth fails. */
  readonly agentType: AgentType | undefined;
  readonly home: Home;

  constructor(scope: Construct, id: string, props: AgentProps, runs: AgentTypeText) {
    super(scope, id);
    const { type, capabilities = [], input, output, cost } = props;
    this.home = homeOf(this, props);
    const said = { ...(input && { input }), ...(output && { output }), ...(cost && { cost }) };
    const entry = { ...runs, capabilities: [...capabilities], ...said };
    const document = { agent_types: { [type]: entry } };
    this.agentType = this.check(type, document);
    new CustomResource(this, 'Registration', {
      resourceType: 'Custom::SkeinAgentTypes',
      serviceToken: lookUp(this, this.home.stage, 'apply-arn'),
      serviceTimeout: PATIENCE,
      properties: { Tenant: this.home.tenant, AgentTypes: Stack.of(this).toJsonString(document) },
    });
  }

  private check(type: string, document: JsonObject): AgentType | undefined {
    const name = this.node.path;
    // A URL that only a deployment will know is none yet.
    const known = (_key: string, value: unknown): unknown =>
      typeof value === 'string' && Token.isUnresolved(value) ? 'https://known-at-deploy.invalid' : value;
    const text = JSON.stringify(document, known, 2);
    const { catalogue, diagnostics } = parseAgentCatalogue({ name, text, resolveModule: (module) => module });
    const findings = diagnostics.map((diagnostic) => printDiagnostics([diagnostic], { name, text }));
    this.node.addValidation({ validate: () => findings });
    return catalogue?.get(type);
  }
}
