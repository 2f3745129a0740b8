import { askedNames } from '../../core/dns/record-values.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import type { Service } from '../../core/model/service.ts';
import type { Path } from '../document.ts';
import { scaledThings } from '../kinds/start.ts';
import { type Breach, breach, claimedTwice, type DeploymentRule } from './rule.ts';

const recordsOfOneService: DeploymentRule = {
  about: 'No two services steer the same record: they would undo each other.',
  check: (deployment) =>
    twice(deployment, ({ traffic }) => (traffic.dns ? askedNames(traffic.dns) : [])).map(([name, owner, other]) =>
      refuse(other, ['dns', 'record'], name, `; ${owner} does`),
    ),
};

const listenersOfOneService: DeploymentRule = {
  about: 'No two services shift the weights of the same listener or listener rule, nor of the same target group.',
  check: (deployment) => [
    ...twice(deployment, ({ traffic }) => traffic.targets?.listenerArn ?? []).map(([arn, owner, other]) =>
      refuse(other, ['targets', 'listenerArn'], arn, `; ${owner} does`),
    ),
    ...twice(deployment, ({ traffic }) => Object.values(traffic.targets?.targetGroups ?? {})).map(
      ([arn, owner, other]) => {
        const asOne = 'make the two one service, with a list of listeners in listenerArn';
        return refuse(other, ['targets', 'targetGroups'], arn, `; ${owner} does`, asOne);
      },
    ),
  ],
};

const instancesOfOneService: DeploymentRule = {
  about:
    'No instance in the fence or the `scale` of a service belongs to another one, be it there or behind an Elastic IP: fencing or stopping one would take the other with it.',
  check: ({ services }) => {
    const all = Object.entries(services).flatMap(([name, service]) =>
      instancesOf(service).map((one) => ({ ...one, name })),
    );
    const found = all.flatMap(({ id, name, at, isStopped }, index) => {
      const owner = all
        .slice(0, index)
        .find((other) => other.id === id && other.name !== name && (other.isStopped || isStopped));
      return owner === undefined ? [] : [{ id, name, at, owner: owner.name }];
    });
    const once = found.filter(
      ({ id, name }, index) => found.findIndex((one) => one.id === id && one.name === name) === index,
    );
    return once.map(({ id, name, at, owner }) => {
      const hint = 'take it out of one, or make the two one service';
      return breach(['services', name, ...at], id, `instances that no other service has; ${owner} does`, hint);
    });
  },
};

const sizesOfOneService: DeploymentRule = {
  about: 'Nothing is scaled for two services: one of them may wait while the other serves.',
  check: (deployment) =>
    twice(deployment, ({ sites }) =>
      Object.values(sites)
        .flatMap(scaledThings)
        .filter((thing) => !thing.startsWith('instance ')),
    ).map(([thing, owner, other]) =>
      breach(
        ['services', other, 'sites'],
        thing,
        `what no other service scales; ${owner} does`,
        'take it out of one, or make the two one service',
      ),
    ),
};

const dataOfOneService: DeploymentRule = {
  about: 'No two services promote the same data: each would undo what the other did.',
  check: (deployment) =>
    twice(deployment, promotedData).map(([name, owner, other]) =>
      breach(
        ['services', other, 'data'],
        name,
        `data that no other service promotes; ${owner} does`,
        `let ${owner} promote it, and put both into a group`,
      ),
    ),
};

/** The data that a service promotes. The same data always gives the same text. */
function promotedData({ data, sites }: Service): readonly string[] {
  const [account] = Object.values(sites).map((site) => site.account);
  const of = account === undefined ? '' : ` of account ${account}`;
  switch (data?.kind) {
    case 'aurora-global':
    case 'documentdb-global':
    case 'neptune-global':
      return [`cluster ${data.globalId.toLowerCase()}${of}`];
    case 'elasticache-global':
      return [`replication group ${data.globalId}${of}`];
    case 's3-mrap':
      return [data.accessPointArn];
    case 'rds-replica':
      return Object.entries(data.instances).map(([site, id]) => `instance ${id} in ${sites[site]?.region}${of}`);
    default:
      return [];
  }
}

const zonesOneName: DeploymentRule = {
  about: 'A hosted zone has one name wherever it is named.',
  check: ({ services }) => {
    const names = new Map<string, readonly [name: string, service: string]>();
    return Object.entries(services).flatMap(([service, { traffic }]) => {
      if (!traffic.dns) return [];
      const { id, name } = traffic.dns.zone;
      const [known, first] = names.get(id) ?? [name, service];
      names.set(id, [known, first]);
      if (known === name) return [];
      const hint = `one of the two names, or one of the two ids, is wrong`;
      return [
        breach(
          ['services', service, 'traffic', 'dns', 'zone', 'name'],
          name,
          `${known}, as ${first} calls ${id}`,
          hint,
        ),
      ];
    });
  },
};

function twice({ services }: Deployment, thingsOf: (service: Service) => readonly string[]) {
  return claimedTwice(
    Object.entries(services).flatMap(([name, service]) => thingsOf(service).map((thing) => [thing, name] as const)),
  );
}

/** Whether an instance is fenced or stopped, or only holds an Elastic IP. */
interface InstanceUse {
  readonly id: string;
  readonly at: Path;
  readonly isStopped: boolean;
}

function instancesOf({ sites, traffic }: Service): readonly InstanceUse[] {
  const behindAddress = Object.entries(traffic.address?.instances ?? {}).flatMap(([site, places]) =>
    places.flatMap((place) =>
      'instanceId' in place
        ? [{ id: place.instanceId, at: ['traffic', 'address', 'instances', site], isStopped: false }]
        : [],
    ),
  );
  const fenced = Object.entries(sites).flatMap(([site, { fence }]) =>
    (fence?.kind === 'groups' ? fence.instanceIds : []).map((id) => ({
      id,
      at: ['sites', site, 'fence', 'instanceIds'],
      isStopped: true,
    })),
  );
  const scaled = Object.entries(sites).flatMap(([site, { scale }]) =>
    scale.flatMap((scalable, index) =>
      (scalable.kind === 'instances' ? scalable.instanceIds : []).map((id) => ({
        id,
        at: ['sites', site, 'scale', index, 'instanceIds'],
        isStopped: true,
      })),
    ),
  );
  return [...behindAddress, ...fenced, ...scaled];
}

function refuse(
  other: string,
  key: readonly string[],
  found: string,
  why: string,
  asOne = 'make the two one service',
): Breach {
  return breach(
    ['services', other, 'traffic', ...key],
    found,
    `one that no other service steers${why}`,
    `give ${other} its own, or ${asOne}`,
  );
}

/** Rules about what two services must not share. */
export const sharingRules: readonly DeploymentRule[] = [
  recordsOfOneService,
  listenersOfOneService,
  instancesOfOneService,
  sizesOfOneService,
  dataOfOneService,
  zonesOneName,
];
