import type { DnsTraffic } from '../../../core/model/traffic.ts';
import type { Path } from '../../document.ts';
import { type Breach, breach, type ServiceRule } from '../../rules/rule.ts';

const notAtTheApex: ServiceRule = {
  about:
    'No site has a `cname` where the record is the apex of its zone: NS and SOA records stand there, and a name with a CNAME record has no other.',
  check: cnameRule((_cname, at, { record, moreRecords, zone }) =>
    record === zone.name || moreRecords?.includes(zone.name)
      ? [
          breach(
            at,
            `a cname at ${zone.name}, the apex of its zone`,
            'a, aaaa or alias there',
            `a name with a CNAME record has no other record, and a zone has NS and SOA at its apex; take a name below it, such as www.${zone.name}`,
          ),
        ]
      : [],
  ),
};

const notByMultivalue: ServiceRule = {
  about: 'By multivalue, no site has a `cname`: Route 53 has no multivalue CNAME records.',
  check: cnameRule((_cname, at, { policy }) =>
    policy === 'multivalue' ? [breach(at, 'a cname', 'a or aaaa by multivalue', 'or choose policy weighted')] : [],
  ),
};

const notToItself: ServiceRule = {
  about: 'A `cname` leads away from the record.',
  check: cnameRule((cname, at, { record }) =>
    cname === record || cname.endsWith(`.${record}`)
      ? [breach(at, cname, `a name that is not ${record}, nor below it`, 'name the endpoint of the site itself')]
      : [],
  ),
};

function cnameRule(check: (cname: string, at: Path, dns: DnsTraffic) => readonly Breach[]): ServiceRule['check'] {
  return ({ traffic: { dns } }, path) => {
    if (dns === undefined) return [];
    const at = [...path, 'traffic', 'dns'];
    const named = [
      ...Object.entries(dns.addresses).map(
        ([site, { cname }]) => [cname, [...at, 'addresses', site, 'cname']] as const,
      ),
      [dns.lastResort?.cname, [...at, 'lastResort', 'cname']] as const,
    ];
    return named.flatMap(([cname, place]) => (cname === undefined ? [] : check(cname, place, dns)));
  };
}

/** Rules about what the value of a CNAME record may be, and where one may stand. */
export const cnameRules: readonly ServiceRule[] = [notAtTheApex, notByMultivalue, notToItself];
