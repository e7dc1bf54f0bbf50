import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { physicalName } from '../names.ts';
import type { StageProps } from '../stages.ts';
import { WebFirewall } from './web-firewall.ts';

export interface SkeinRestApiProps {
  readonly stage: StageProps;
  /** Answers every request. */
  readonly handler: IFunction;
}

/** API Gateway before the function that answers: transport, throttling and access logs, and no route of its own. */
export class SkeinRestApi extends Construct {
  readonly api: RestApi;
  /** Without the `/api/v1` of its routes, and without a slash at its end. */
  readonly url: string;

  constructor(scope: Construct, id: string, { stage, handler }: SkeinRestApiProps) {
    super(scope, id);
    const { logRetention, removal, throttle } = stage;
    this.api = new RestApi(this, 'Api', {
      restApiName: physicalName(stage.name, 'api'),
      description: `Skein, stage ${stage.name}.`,
      endpointTypes: [EndpointType.REGIONAL],
      // API Gateway logs under one role for the whole account and region: others may rely on it when this stack goes.
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN,
      deployOptions: {
        stageName: stage.name,
        tracingEnabled: true,
        metricsEnabled: true,
        loggingLevel: MethodLoggingLevel.ERROR,
        accessLogDestination: new LogGroupLogDestination(
          new LogGroup(this, 'AccessLog', { retention: logRetention, removalPolicy: removal }),
        ),
        accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
        throttlingRateLimit: throttle.rate,
        throttlingBurstLimit: throttle.burst,
      },
    });
    // The route table is the function's: the embedded server serves the same.
    this.api.root.addProxy({ anyMethod: true, defaultIntegration: new LambdaIntegration(handler) });
    const { region, urlSuffix } = Stack.of(this);
    const { restApiId } = this.api;
    this.url =
      stage.endpoint === undefined
        ? `https://${restApiId}.execute-api.${region}.${urlSuffix}/${stage.name}`
        : `${stage.endpoint}/_aws/execute-api/${restApiId}/${stage.name}`;
    if (stage.hasFirewall) new WebFirewall(this, 'Firewall', { api: this.api });
    acknowledge(this.api, stage);
  }
}

function acknowledge(api: RestApi, { hasFirewall }: StageProps): void {
  Validations.of(api).acknowledge(
    {
      id: 'AwsSolutions-APIG4',
      reason: 'REST APIs have no authorizer for JWTs of any issuer: the function checks tokens, API keys and scopes.',
    },
    { id: 'AwsSolutions-COG4', reason: 'As APIG4: any OIDC issuer will do, Cognito among them.' },
    {
      id: 'AwsSolutions-APIG2',
      reason: 'The function checks each request by the schema of its route and answers with our problem bodies.',
    },
    {
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      reason: 'The account setting of API Gateway; AWS names this policy for it.',
    },
  );
  if (hasFirewall) return;
  Validations.of(api).acknowledge({
    id: 'AwsSolutions-APIG3',
    reason: 'A web ACL costs 5 USD a month at rest; stages for production have one.',
  });
}
