import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { createStacks, stageOf, type StageOptions } from '../../lib/index.ts';

/** A resource of a template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: { readonly [name: string]: unknown };
  readonly DeletionPolicy?: string;
}

export interface SynthesizedStage {
  readonly app: App;
  readonly created: ReturnType<typeof createStacks>;
  /** Resources by logical id, by stack: `State`, `Engine`. */
  readonly stacks: { readonly [stack: string]: { readonly [id: string]: TemplateResource } };
}

/** A stage without the code of its functions: bundling takes seconds and changes no template but its hashes. */
export function synthesize(name: 'dev' | 'prod', options: StageOptions = {}): SynthesizedStage {
  const app = new App();
  const created = createStacks(app, stageOf(name, { code: () => Code.fromInline('// by functions/'), ...options }));
  const { stacks } = app.synth();
  return {
    app,
    created,
    stacks: Object.fromEntries(
      stacks.map(({ stackName, template }) => [
        stackName.replace(`Skein-${name}-`, ''),
        (template as { Resources: { [id: string]: TemplateResource } }).Resources,
      ]),
    ),
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
