import type { SimKind } from './kind.ts';

const apis = { read: 'cloudfront-keyvaluestore:GetKey', write: 'cloudfront-keyvaluestore:UpdateKeys' };

/** A key of a KeyValueStore, through the one endpoint that all regions share. */
export const edge: SimKind<'edge'> = {
  apis: [apis],
  apisOf: ({ region }) => ({ ...apis, region }),
  read: ({ stores }, thing) => stores.read(thing),
  write: ({ stores }, thing) => stores.write(thing, thing.value),
  targetOf: ({ storeArn, key }) => `${key} of ${storeArn}`,
  wantedText: ({ value }) => value,
  seenText: ({ value }) => value ?? 'nothing',
};
