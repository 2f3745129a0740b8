/**
 * AWS's regions by partition. An account belongs to one partition and reaches no region of another one. Source: the
 * endpoint data of the AWS SDK (`partitions` of `@aws-sdk/core`), which a test compares; read on 2026-11-28.
 */
export const partitions: Readonly<Record<string, readonly string[]>> = {
  aws: [
    'af-south-1',
    'ap-east-1',
    'ap-east-2',
    'ap-northeast-1',
    'ap-northeast-2',
    'ap-northeast-3',
    'ap-south-1',
    'ap-south-2',
    'ap-southeast-1',
    'ap-southeast-2',
    'ap-southeast-3',
    'ap-southeast-4',
    'ap-southeast-5',
    'ap-southeast-6',
    'ap-southeast-7',
    'ca-central-1',
    'ca-west-1',
    'eu-central-1',
    'eu-central-2',
    'eu-north-1',
    'eu-south-1',
    'eu-south-2',
    'eu-west-1',
    'eu-west-2',
    'eu-west-3',
    'il-central-1',
    'me-central-1',
    'me-south-1',
    'me-west-1',
    'mx-central-1',
    'sa-east-1',
    'sa-west-1',
    'us-east-1',
    'us-east-2',
    'us-west-1',
    'us-west-2',
  ],
  'aws-cn': ['cn-north-1', 'cn-northwest-1'],
  'aws-eusc': ['eusc-de-east-1'],
  'aws-iso': ['us-iso-east-1', 'us-iso-west-1'],
  'aws-iso-b': ['us-isob-east-1', 'us-isob-west-1'],
  'aws-iso-e': ['eu-isoe-west-1'],
  'aws-iso-f': ['us-isof-east-1', 'us-isof-south-1'],
  'aws-us-gov': ['us-gov-east-1', 'us-gov-west-1'],
};

/** The partition that every account has unless it is a special one. */
export const usualPartition = 'aws';

/**
 * Regions of the usual partition in which a Lambda function has no URL, so that no oracle can be there. Source: AWS
 * Lambda Developer Guide, "Creating and managing Lambda function URLs", the note on regions; read on 2026-11-28.
 */
export const regionsWithoutFunctionUrls: readonly string[] = [
  'ap-east-2',
  'ap-south-2',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
];

/**
 * Regions that every account of the usual partition has. Every other one, launched after March 20, 2019, is disabled
 * until somebody enables it in the account. Source: AWS Account Management Reference Guide, "Enable or disable AWS
 * Regions in your account" (docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html), read on
 * 2026-11-29.
 */
export const defaultRegions: readonly string[] = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
];

/** Whether an account has a region only once somebody has enabled it; false for one that is not in the table. */
export function isOptIn(region: string): boolean {
  return partitionOf(region) === usualPartition && !defaultRegions.includes(region);
}

/** All regions of the table. */
export const knownRegions: readonly string[] = Object.values(partitions).flat();

/** Partition of a region; null for one that is not in the table. */
export function partitionOf(region: string): string | null {
  return Object.keys(partitions).find((partition) => partitions[partition]?.includes(region)) ?? null;
}
