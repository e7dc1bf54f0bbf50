import { CfnOutput, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ApiFunction, type ApiFunctionProps } from '../constructs/api-function.ts';
import { tell } from '../constructs/stage-facts.ts';
import { SkeinRestApi } from '../constructs/rest-api.ts';
import { functionArn } from '../names.ts';

/** The door for people, programs and agents outside of Lambda. */
export class ApiStack extends Stack {
  readonly handler: ApiFunction;
  readonly rest: SkeinRestApi;

  constructor(scope: Construct, id: string, props: Omit<ApiFunctionProps, 'apiUrl'>) {
    const { stage } = props;
    super(scope, id, { env: stage.env, description: 'Skein: REST API' });
    // By its name: the function is told the API's address, and CloudFormation makes nothing that goes round in circles.
    const answering = Function.fromFunctionAttributes(this, 'Answering', {
      functionArn: functionArn(this, stage.name, 'api'),
      skipPermissions: true,
    });
    this.rest = new SkeinRestApi(this, 'Rest', { stage, handler: answering });
    this.handler = new ApiFunction(this, 'Handler', { ...props, apiUrl: this.rest.url });
    this.handler.addPermission('FromApi', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: this.rest.api.arnForExecuteApi(),
    });
    tell(this, stage, { 'api-url': this.rest.url });
    new CfnOutput(this, 'Url', { value: this.rest.url, description: 'Where `/api/v1/…` is.' });
  }
}
