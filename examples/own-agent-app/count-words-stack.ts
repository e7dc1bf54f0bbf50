import { Stack, type StackProps } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import { LambdaAgent, Workflow } from '../../lib/index.ts';

const here = import.meta.dirname;

/** An app of your own: one function, and the three lines that make it an agent with a workflow. */
export class CountWordsStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const counter = new NodejsFunction(this, 'Counter', { entry: `${here}/handler.ts`, runtime: Runtime.NODEJS_24_X });

    const agent = new LambdaAgent(this, 'Words', { type: 'word_counter', function: counter, capabilities: ['count'] });
    new Workflow(this, 'CountWords', { definition: `${here}/count-words.yaml`, agents: [agent] });
  }
}
