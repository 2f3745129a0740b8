import { idOf, pairsOf, textOf } from '../resources/routes.ts';
import type { SimKind } from './kind.ts';

/** Routes of EC2 route tables. */
export const route: SimKind<'route'> = {
  apisOf: ({ region }) => ({ read: 'ec2:DescribeRouteTables', write: 'ec2:ReplaceRoute', region }),
  read: ({ routes }, thing) => routes.read(thing),
  write: ({ routes }, thing) => routes.write(thing),
  targetOf: ({ tables }) => tables.join('+'),
  wantedText: ({ tables, destinations, target }) =>
    pairsOf({ tables, destinations })
      .map(({ table, destination }) => `${table} ${destination} ${textOf(target)}`)
      .join(', '),
  seenText: (seen) => seen.map((one) => `${one.table} ${one.destination} ${idOf(one)}`).join(', '),
};
