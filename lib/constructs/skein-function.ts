import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { functionTable, type FunctionName } from '../function-table.ts';
import { engineRolePath, physicalName } from '../names.ts';
import type { StageProps } from '../stages.ts';
import { acknowledgeWildcards } from './acknowledge.ts';
import { bundledHandler, functionCode } from './function-code.ts';

export interface SkeinFunctionProps {
  readonly stage: StageProps;
  readonly name: FunctionName;
}

/** A function of the engine: its code, its log group, and a role that may write there and nowhere else until it is granted more. */
export class SkeinFunction extends Function {
  /** Its folder in `functions/`. */
  readonly folder: FunctionName;

  constructor(scope: Construct, id: string, { stage, name }: SkeinFunctionProps) {
    const { description, timeout, memory } = functionTable[name];
    const functionName = physicalName(stage.name, name);
    const logGroup = new LogGroup(scope, `${id}Log`, {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: stage.logRetention,
      removalPolicy: stage.removal,
    });
    const role = new Role(scope, `${id}Role`, {
      path: engineRolePath(stage.name),
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    super(scope, id, {
      functionName,
      description,
      role,
      logGroup,
      timeout,
      memorySize: memory,
      runtime: Runtime.NODEJS_24_X,
      architecture: stage.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      code: functionCode(name),
      handler: bundledHandler,
      environment: {
        SKEIN_STAGE: stage.name,
        POWERTOOLS_SERVICE_NAME: functionName,
        POWERTOOLS_METRICS_NAMESPACE: 'Skein',
        ...stage.settings,
      },
    });
    this.folder = name;
    acknowledgeWildcards(role, ['*'], 'X-Ray takes the traces of a whole account: its actions know no resources.');
  }

  /** Allows its code these actions on these resources. `why` is due where a resource is a wildcard. */
  allow(actions: readonly string[], resources: readonly string[], why?: string): void {
    this.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
    if (why !== undefined && this.role) acknowledgeWildcards(this.role, resources, why);
  }
}
