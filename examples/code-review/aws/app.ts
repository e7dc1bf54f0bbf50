// Deploys the agents of the code review beside a stage of Skein:
//
//   npx cdk deploy --app 'node examples/code-review/aws/app.ts' -c stage=dev -c tenant=default
//
// and with `-c repository=/path/to/yours` what they review in place of this example.
import { App } from 'aws-cdk-lib';
import { CodeReviewAgents } from './code-review-agents.ts';

const app = new App();
const repository: unknown = app.node.tryGetContext('repository');
new CodeReviewAgents(app, 'CodeReviewAgents', typeof repository === 'string' ? { repository } : {});
