import { idOf, pairsOf, textOf } from '../resources/routes.ts';
import type { SimKind } from './kind.ts';

const apis = { read: 'ec2:DescribeRouteTables', write: 'ec2:ReplaceRoute' };

/** Routes of EC2 route tables. */
export const route: SimKind<'route'> = {
  apis: [apis],
  apisOf: ({ region }) => ({ ...apis, region }),
  read: ({ routes }, thing) => routes.read(thing),
  write: ({ routes }, thing) => routes.write(thing),
  targetOf: ({ tables }) => tables.join('+'),
  wantedText: ({ tables, destinations, target }) =>
    pairsOf({ tables, destinations })
      .map(({ table, destination }) => `${table} ${destination} ${textOf(target)}`)
      .join(', '),
  seenText: (seen) => seen.map((one) => `${one.table} ${one.destination} ${idOf(one)}`).join(', '),
};
