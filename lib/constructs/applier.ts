import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Construct } from 'constructs';
import { functionArn } from '../names.ts';
import { DeadLetters } from './dead-letters.ts';
import type { EngineParts } from './engine-rights.ts';
import { SkeinFunction } from './skein-function.ts';

/** Answers CloudFormation for the agents and workflows of other stacks. It makes no machine: it asks the compiler. */
export class Applier extends Construct {
  readonly handler: SkeinFunction;
  /** Requests of CloudFormation, which waits for no return, that nobody could answer. */
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { stage, ledger }: Pick<EngineParts, 'stage' | 'ledger'>) {
    super(scope, id);
    this.handler = new SkeinFunction(this, 'Handler', { stage, name: 'apply-resource' });
    this.deadLetters = new DeadLetters(this, 'DeadLetters', { stage, name: 'resources' });
    this.handler.configureAsyncInvoke({ onFailure: new SqsDestination(this.deadLetters) });
    ledger.letUseSingly(this.handler);
    const compiler = functionArn(this, stage.name, 'compile-workflow');
    this.handler.addEnvironment('SKEIN_COMPILE_ARN', compiler);
    this.handler.allow(['lambda:InvokeFunction'], [compiler]);
  }
}
