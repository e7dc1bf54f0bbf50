import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Annotations, CustomResource, Duration, Validations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { compileText, type CompiledText } from '../../compiler/index.ts';
import type { AgentCatalogue, AgentType } from '../../core/agents/index.ts';
import { parseAgentCatalogue } from '../../core/definition/index.ts';
import { printDiagnostics } from '../../core/diagnostics/index.ts';
import type { AgentRegistration } from './agent-registration.ts';
import { homeOf, lookUp, type HomeProps } from './stage-facts.ts';

export interface WorkflowProps extends HomeProps {
  /** Path of the definition (YAML or JSON), from where the app is started. */
  readonly definition: string;
  /** The agents of this app that it works with. They are registered before it is published. */
  readonly agents?: readonly AgentRegistration[];
  /** Path of an agent catalogue (`agent_types:`), for agents that are registered by others: what it is checked with, and nothing else. */
  readonly catalogue?: string;
}

/** What a template may hold of it, in characters; CloudFormation takes templates of 1 MB. */
const LONGEST_DEFINITION = 200_000;
/** The compiler's own timeout, and the way to it. */
const PATIENCE = Duration.minutes(10);

/**
 * A workflow of another app: compiled at synth, which fails for what would fail later, and published when the stack is deployed.
 * It can be executed as soon as the stack is complete. What was published stays when the stack is deleted.
 *
 *     new Workflow(this, 'Review', { definition: 'review.yaml', agents: [words] });
 */
export class Workflow extends Construct {
  /** Of the published workflow, known at deploy. */
  readonly version: string;
  readonly machineArn: string;

  constructor(scope: Construct, id: string, props: WorkflowProps) {
    super(scope, id);
    const { definition, agents = [] } = props;
    const text = readFileSync(definition, 'utf8');
    this.check({ name: definition, text }, props);
    const { stage, tenant } = homeOf(this, props);
    const published = new CustomResource(this, 'Publication', {
      resourceType: 'Custom::SkeinWorkflow',
      serviceToken: lookUp(this, stage, 'apply-arn'),
      serviceTimeout: PATIENCE,
      properties: { Tenant: tenant, Definition: text },
    });
    published.node.addDependency(...agents);
    Validations.of(published).acknowledge({
      id: 'CloudFormation-Validate::E1029',
      reason: 'Expressions of the workflow, which CloudFormation is to leave as they are.',
    });
    this.version = published.getAttString('Version');
    this.machineArn = published.getAttString('MachineArn');
  }

  /** What was found stops the synth, with the lines that it was found in; warnings and advice are shown. */
  private check(source: { name: string; text: string }, { agents = [], catalogue }: WorkflowProps): void {
    const ofApp = agents.flatMap(({ agentType }) => (agentType ? [[agentType.name, agentType] as const] : []));
    const others = catalogue === undefined ? [] : readCatalogue(catalogue);
    const known: AgentCatalogue = new Map<string, AgentType>([...others, ...ofApp]);
    const { text: found } = compileText(source, {
      catalogue: known,
      runtimes: ['lambda', 'http', 'human'],
      forRun: true,
    });
    const print = ({ diagnostics }: CompiledText['text'], isError: boolean): string[] =>
      diagnostics
        .filter(({ severity }) => (severity === 'error') === isError)
        .map((diagnostic) => printDiagnostics([diagnostic], source));
    const errors = print(found, true);
    if (source.text.length > LONGEST_DEFINITION) errors.push(`${source.name} is too long for a template: use the API.`);
    this.node.addValidation({ validate: () => errors });
    for (const finding of print(found, false)) Annotations.of(this).addInfo(finding);
  }
}

function readCatalogue(path: string): AgentCatalogue {
  const text = readFileSync(path, 'utf8');
  const resolveModule = (module: string): string => resolve(dirname(path), module);
  const { catalogue, diagnostics } = parseAgentCatalogue({ name: path, text, resolveModule });
  if (!catalogue) throw new RangeError(printDiagnostics(diagnostics, { name: path, text }));
  return catalogue;
}
