import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Service } from '../../../src/core/model/service.ts';
import type { KindStatements } from './kind-statements.ts';

/** One name a service, its two types, and no more than setting and removing them; and the wait for each change. */
export const dnsStatements: KindStatements = ({ services }) => [
  ...Object.values(services).flatMap(changeRecords),
  waitForChanges(),
];

function changeRecords({ traffic: { dns } }: Service): readonly PolicyStatement[] {
  if (dns === undefined) return [];
  const zone = `arn:${Aws.PARTITION}:route53:::hostedzone/${dns.zone.id}`;
  return [
    new PolicyStatement({
      actions: ['route53:ChangeResourceRecordSets'],
      resources: [zone],
      conditions: {
        'ForAllValues:StringEquals': {
          'route53:ChangeResourceRecordSetsNormalizedRecordNames': [dns.record],
          'route53:ChangeResourceRecordSetsRecordTypes': ['A', 'AAAA'],
          'route53:ChangeResourceRecordSetsActions': ['UPSERT', 'DELETE'],
        },
      },
    }),
    new PolicyStatement({ actions: ['route53:ListResourceRecordSets'], resources: [zone] }),
  ];
}

/** Changes have ids of Route 53's own. */
function waitForChanges(): PolicyStatement {
  return new PolicyStatement({
    sid: 'Changes',
    actions: ['route53:GetChange'],
    resources: [`arn:${Aws.PARTITION}:route53:::change/*`],
  });
}
