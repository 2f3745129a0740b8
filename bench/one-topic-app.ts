import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';

// The least that is a CDK app: what synth.bench.ts compares with.
const app = new App();
new Topic(new Stack(app, 'OneTopic'), 'Topic');
app.synth();
