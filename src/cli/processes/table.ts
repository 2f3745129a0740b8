import dynalite from 'dynalite';
import { stateTableSchema } from '../../adapters/aws/tables/state-table-schema.ts';
import { serveLab } from '../lab/child.ts';
import { listenOn } from '../lab/listener.ts';

/** The state table of one control region: a DynamoDB API of its own, in memory. */
serveLab('table', async ({ deployment, port: wantedPort = 0 }) => {
  const port = await listenOn(dynalite({ createTableMs: 0 }), '127.0.0.1', wantedPort);
  await createTable(`http://127.0.0.1:${port}`, deployment);
  return { ports: [port] };
});

/** The one request of this process, written out: loading the SDK for it would take longer than everything else here. */
async function createTable(url: string, deployment: string): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.CreateTable',
      'x-amz-date': '20260101T000000Z',
      // The stand-in looks at the form of the signature, not at who signed.
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(stateTableSchema(deployment)),
  });
  if (!response.ok) throw new Error(`CreateTable was answered ${response.status}: ${await response.text()}`);
  await response.body?.cancel();
}
