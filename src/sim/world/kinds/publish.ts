import { SimFault } from '../api-call.ts';
import type { SimKind } from './kind.ts';

const apis = { read: 'ssm:GetParameter', write: 'ssm:PutParameter' };

/** What inside clients are told, by a parameter in each region. */
export const publish: SimKind<'publish'> = {
  apis: [apis],
  apisOf: ({ region }) => ({ ...apis, region }),
  read: ({ cloud }, { region, publication }) => cloud.readPublication(region, publication.service),
  write: ({ cloud }, { region, publication }) => {
    const seen = cloud.readPublication(region, publication.service);
    if (seen && seen.epoch > publication.epoch) {
      throw new SimFault({ kind: 'invalid', detail: `epoch ${seen.epoch} was published already` });
    }
    return cloud.publish(region, publication);
  },
  targetOf: ({ publication }) => publication.service,
  wantedText: ({ publication }) => JSON.stringify(publication),
  seenText: (publication) => JSON.stringify(publication),
};
