// What Lambda's runtime for Node does, over IPC: imports the bundle once, then hands it one event after another.
// Run with the environment of the function alone; see execution-environment.ts.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { LAMBDA_TASK_ROOT, _HANDLER, AWS_LAMBDA_FUNCTION_NAME } = process.env;
const [file, name] = _HANDLER.split('.');
const bundle = await import(pathToFileURL(join(LAMBDA_TASK_ROOT, `${file}.mjs`)).href);
const handler = bundle[name];
if (typeof handler !== 'function') throw new Error(`${file}.mjs has no ${name}`);

process.on('message', async ({ requestId, event, functionArn, deadlineMs }) => {
  const context = {
    awsRequestId: requestId,
    functionName: AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
  try {
    const result = await handler(event, context);
    process.send({ kind: 'answer', requestId, payload: result === undefined ? null : result });
  } catch (error) {
    const payload = { errorType: error?.name ?? 'Error', errorMessage: error?.message ?? String(error) };
    process.send({ kind: 'error', requestId, payload, stack: String(error?.stack) });
  }
});
// The host is gone: nobody is left to answer.
process.on('disconnect', () => process.exit(0));
process.send({ kind: 'ready' });
