import { textsOf } from '../../../core/dns/record-values.ts';
import type { DnsState } from '../../../core/kinds/dns.ts';
import { SimFault, textOf } from '../api-call.ts';
import type { SimKind } from './kind.ts';

/** Route 53's control plane is in one region. Source: AWS Fault Isolation Boundaries, "Global services". */
const route53Region = 'us-east-1';

const apis = { read: 'route53:ListResourceRecordSets', write: 'route53:ChangeResourceRecordSets' };

/** Edited records. */
export const dns: SimKind<'dns'> = {
  apis: [apis],
  apisOf: () => ({ ...apis, region: route53Region }),
  read: ({ cloud }, { name, answer }) => {
    if (answer.kind === 'values') return { kind: 'values', values: cloud.readRecord(name) };
    const weights = cloud.readRecordWeights(name);
    if (weights === null) throw new SimFault({ kind: 'invalid', detail: `${name} has no weighted records` });
    return { kind: 'weights', weights };
  },
  write: ({ cloud, scheduler: { nowMs } }, { name, answer }) =>
    answer.kind === 'values'
      ? cloud.writeRecord(name, answer.values, nowMs)
      : cloud.writeRecordWeights(name, answer.weights, nowMs),
  targetOf: ({ name }) => name,
  wantedText: ({ answer }) => answerText(answer),
  seenText: answerText,
};

function answerText(state: DnsState): string {
  return state.kind === 'values' ? textsOf(state.values).join(',') : textOf(state.weights);
}
