// npx cdk deploy --app "node examples/own-agent-app/app.ts" -c stage=dev
import { App } from 'aws-cdk-lib';
import { CountWordsStack } from './count-words-stack.ts';

new CountWordsStack(new App(), 'CountWords');
