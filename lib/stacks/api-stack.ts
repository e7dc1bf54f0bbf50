import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ApiFunction, type ApiFunctionProps } from '../constructs/api-function.ts';
import { tell } from '../constructs/stage-facts.ts';
import { SkeinRestApi } from '../constructs/rest-api.ts';

/** The door for people, programs and agents outside of Lambda. */
export class ApiStack extends Stack {
  readonly handler: ApiFunction;
  readonly rest: SkeinRestApi;

  constructor(scope: Construct, id: string, props: ApiFunctionProps) {
    const { stage } = props;
    super(scope, id, { env: stage.env, description: 'Skein: REST API' });
    this.handler = new ApiFunction(this, 'Handler', props);
    this.rest = new SkeinRestApi(this, 'Rest', { stage, handler: this.handler });
    tell(this, stage, { 'api-url': this.rest.url });
    new CfnOutput(this, 'Url', { value: this.rest.url, description: 'Where `/api/v1/…` is.' });
  }
}
