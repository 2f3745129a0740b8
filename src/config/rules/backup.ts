import { regionOfArn } from '../schema/aws-id.ts';
import { breach, type ServiceRule } from './rule.ts';

const askedWhereItIs: ServiceRule = {
  about: 'A site with `measures.backup` is in a control region: only the function there can ask for its backups.',
  check: ({ sites }, path, { controlRegions }) =>
    Object.entries(sites).flatMap(([name, { region, measures }]) =>
      measures.backup === undefined || region === undefined || controlRegions.includes(region)
        ? []
        : [
            breach(
              [...path, 'sites', name, 'measures', 'backup'],
              `a site in ${region}`,
              `sites in a control region: ${controlRegions.join(', ')}`,
              `make ${region} a control region, or leave backup out`,
            ),
          ],
    ),
};

const databaseInRegion: ServiceRule = {
  about: 'The cluster or instance of `measures.backup` with `kind: rds` is in the region of its site.',
  check: ({ sites }, path) =>
    Object.entries(sites).flatMap(
      ([
        name,
        {
          region,
          measures: { backup },
        },
      ]) =>
        backup?.kind !== 'rds' || region === undefined || regionOfArn(backup.resourceArn) === region
          ? []
          : [
              breach(
                [...path, 'sites', name, 'measures', 'backup', 'resourceArn'],
                `one in ${regionOfArn(backup.resourceArn)}`,
                `one in ${region}, where ${name} is`,
                'copies in another region are in a vault: write kind: aws-backup, with the vault that holds them',
              ),
            ],
    ),
};

/** Rules about backups that are watched. */
export const backupRules: readonly ServiceRule[] = [askedWhereItIs, databaseInRegion];
