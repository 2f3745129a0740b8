import { rebuiltAfterMs } from '../../core/kinds/rebuild.ts';
import type { Service } from '../../core/model/service.ts';
import type { Path } from '../document.ts';
import { type Breach, breach, type ServiceRule } from '../rules/rule.ts';
import { duration } from '../schema/duration.ts';
import { strict } from '../schema/strict-object.ts';

/** An hour, in which a person can save what the old instance has, or decide otherwise. Source: our own. */
const afterMsDefault = 3_600_000;
/** Longest name of an instance that leaves room for `-before-` and an epoch. Source: RDS API Reference, DBInstance. */
const identifierLengthMax = 48;

/** How the instance of a site that was left is made anew. */
export const rebuildSchema = strict({
  afterMs: duration(60_000, 30 * 86_400_000)
    .default(afterMsDefault)
    .describe('How long the move must be done before the old instance is renamed and a replica made in its place.'),
}).describe(
  'Whether the old instance is made anew as a replica after a promotion: it is renamed, and never deleted. Left out: a person does it.',
);

const rule =
  (check: (service: Service, at: Path, path: Path) => readonly Breach[]): ServiceRule['check'] =>
  (service, path) =>
    rebuiltAfterMs(service) === null ? [] : check(service, [...path, 'data', 'rebuild'], path);

const rebuiltBehindFences: ServiceRule = {
  about: '`data.rebuild` is for sites that have a fence: the old instance is renamed only once that is proven closed.',
  check: rule(({ sites }, _at, path) =>
    Object.entries(sites)
      .filter(([, { fence }]) => fence === undefined)
      .map(([site]) =>
        breach(
          [...path, 'sites', site, 'fence'],
          'nothing',
          'a fence of every site with data.rebuild',
          'give it one of kind read-only or custom, or leave rebuild out',
        ),
      ),
  ),
};

const rebuiltInOneAccount: ServiceRule = {
  about: '`data.rebuild` is for sites of one account: RDS makes no read replica in another one.',
  check: rule(({ sites }, at) => {
    const accounts = new Set(Object.values(sites).map(({ account }) => account ?? ''));
    return accounts.size === 1
      ? []
      : [breach(at, 'sites of several accounts', 'sites of one account', 'leave rebuild out')];
  }),
};

const roomForNames: ServiceRule = {
  about: `Identifiers of instances have at most ${identifierLengthMax} characters with \`data.rebuild\`: an old one is kept as NAME-before-EPOCH.`,
  check: rule(({ data }, _at, path) =>
    Object.entries(data?.kind === 'rds-replica' ? data.instances : {})
      .filter(([, id]) => id.length > identifierLengthMax)
      .map(([site, id]) =>
        breach([...path, 'data', 'instances', site], id, `at most ${identifierLengthMax} characters`, 'rename it'),
      ),
  ),
};

/** Rules about data that is made anew. */
export const rebuildRules: readonly ServiceRule[] = [rebuiltBehindFences, rebuiltInOneAccount, roomForNames];
