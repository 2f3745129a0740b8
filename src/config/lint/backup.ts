import { eachService, type LintRule, listed, siteRegionsOf } from './finding.ts';

const backupInOneRegion: LintRule = {
  name: 'backup-in-one-region',
  about: 'A service in several regions whose backups are watched in one of them alone.',
  reason: 'A backup is for data that is destroyed, and a region that is lost takes its vaults with it.',
  check: eachService((service, at) => {
    const watched = Object.entries(service.sites).filter(([, { measures }]) => measures.backup !== undefined);
    const regions = new Set(watched.map(([, { region }]) => region));
    const [[site] = []] = watched;
    const others = siteRegionsOf(service).filter((region) => !regions.has(region));
    if (site === undefined || regions.size > 1 || others.length === 0) return [];
    const [region] = regions;
    return [
      {
        path: `${at}.sites.${site}.measures.backup`,
        what: `only ${site} says where its backups are, in ${region}`,
        breaks: `when ${region} is lost, nobody knows whether there is a backup of ${service.name} in ${listed(others)}`,
        hint: 'have AWS Backup copy to a vault there, and name that vault as measures.backup of the site',
      },
    ];
  }),
};

/** Findings about backups. */
export const backupLintRules: readonly LintRule[] = [backupInOneRegion];
