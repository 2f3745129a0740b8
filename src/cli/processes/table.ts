import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { AwsClients } from '../../adapters/aws/clients.ts';
import { stateTableSchema } from '../../adapters/aws/state-table-schema.ts';
import { serveLab } from '../lab/child.ts';
import { listenOn } from '../lab/listen.ts';

/** The state table of one control region: a DynamoDB API of its own, in memory. */
serveLab('table', async ({ deployment }) => {
  const port = await listenOn(dynalite({ createTableMs: 0 }), '127.0.0.1');
  const clients = new AwsClients({ endpoints: { local: `http://127.0.0.1:${port}` } });
  await clients.call((options) =>
    clients.dynamoDb('local').send(new CreateTableCommand(stateTableSchema(deployment)), options),
  );
  clients.close();
  return { ports: [port] };
});
