// npx cdk deploy --all -c stage=dev
//
// Other settings (`-c name=value`): account, region; emulator=http://127.0.0.1:4566, a LocalStack-compatible endpoint; architecture=x86_64;
// issuer, audience and jwksUrl of those whose tokens the API takes; and each variable of docs/guide/deploy.md: MAX_CONCURRENT_WORKFLOWS=50.
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { createStacks, findSettings, stageOf } from '../lib/index.ts';

const app = new App();
const setting = (name: string): string | undefined => {
  const value: unknown = app.node.tryGetContext(name);
  // In cdk.json a number is a number.
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
};
const account = setting('account') ?? process.env['CDK_DEFAULT_ACCOUNT'];
const region = setting('region') ?? process.env['CDK_DEFAULT_REGION'];
const emulator = setting('emulator');
const [issuer, audience, jwksUrl] = [setting('issuer'), setting('audience'), setting('jwksUrl')];
createStacks(
  app,
  stageOf(setting('stage') ?? 'dev', {
    env: { ...(account && { account }), ...(region && { region }) },
    ...(emulator && { emulator }),
    ...(setting('architecture') === 'x86_64' && { architecture: 'x86_64' }),
    settings: findSettings((name) => setting(name) ?? process.env[name]),
    ...(issuer && audience && jwksUrl && { issuer: { issuer, audience, jwksUrl } }),
  }),
);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
