import { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { createStacks, stageOf, type StageOptions } from '../../lib/index.ts';

/** A resource of a template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: { readonly [name: string]: unknown };
  readonly DeletionPolicy?: string;
}

export interface SynthesizedStage {
  /** What stacks give each other, by the export's name. */
  readonly exports: { readonly [name: string]: { readonly stack: string; readonly value: unknown } };
  readonly app: App;
  readonly created: ReturnType<typeof createStacks>;
  /** Resources by logical id, by stack: `State`, `Engine`. */
  readonly stacks: { readonly [stack: string]: { readonly [id: string]: TemplateResource } };
}

/** The context of an app whose functions are not bundled: that takes seconds, and changes no template but in its hashes. */
export const unbundled = { 'aws:cdk:bundling-stacks': [] };

/** A stage without the code of its functions. */
export function synthesize(name: 'dev' | 'prod', options: StageOptions = {}): SynthesizedStage {
  const app = new App({ context: unbundled });
  const created = createStacks(app, stageOf(name, options));
  return { app, created, ...templatesOf(app) };
}

/** The templates of an app as it is now; once more after something was planted. */
export function templatesOf(app: App): Pick<SynthesizedStage, 'stacks' | 'exports'> {
  const templates = app
    .synth({ force: true })
    .stacks.map(({ stackName, template }) => [stackName.replace(/^Skein-\w+-/, ''), template as Template] as const);
  return {
    stacks: Object.fromEntries(templates.map(([stack, { Resources }]) => [stack, Resources])),
    exports: Object.fromEntries(
      templates.flatMap(([stack, { Outputs = {} }]) =>
        Object.values(Outputs).map(({ Export, Value }) => [Export?.Name ?? '', { stack, value: Value }] as const),
      ),
    ),
  };
}

interface Template {
  readonly Resources: { readonly [id: string]: TemplateResource };
  readonly Outputs?: {
    readonly [id: string]: { readonly Value: unknown; readonly Export?: { readonly Name: string } };
  };
}

/** What cdk-nag finds, as `rule: resource`. */
export function nagFindings({ app }: SynthesizedStage): string[] {
  return new AwsSolutionsChecks(app)
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = '?' }) => `${ruleName}: ${constructPath}`),
    );
}

/** Types of resources with their number, stack by stack. */
export function inventoryText({ stacks }: SynthesizedStage): string {
  return Object.entries(stacks)
    .map(([stack, resources]) => {
      const types = Object.groupBy(Object.values(resources), ({ Type }) => Type);
      const lines = Object.entries(types).map(([type, all = []]) => `${String(all.length).padStart(4)}  ${type}\n`);
      return `${stack}: ${Object.keys(resources).length} resources\n${lines.sort().join('')}`;
    })
    .join('\n');
}
