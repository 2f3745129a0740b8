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
          'route53:ChangeResourceRecordSetsNormalizedRecordNames': [normalized(dns.record)],
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

/**
 * A name as IAM compares it: what is no letter, digit, hyphen, underscore or dot in octal, so that `*` is `\052`.
 * Source: Route 53 Developer Guide, "Normalizing the Route 53 condition key values".
 */
function normalized(name: string): string {
  return name.replace(/[^a-z0-9._-]/g, (letter) => `\\${letter.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
