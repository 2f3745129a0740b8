import type { DataResource } from '../src/core/model/data.ts';
import type { Fence, Scalable } from '../src/core/model/site.ts';

/** Parts of something, each of any type, or missing. */
type Parts = Readonly<Record<string, unknown>>;

/** For each kind of something, whether the other parts of it are there. */
type Forms<K extends string> = { readonly [P in K]: (parts: Parts) => boolean };

const fenceForms: Forms<Fence['kind']> = {
  groups: ({ instanceIds, isolationGroupId }) => isTextList(instanceIds) && isText(isolationGroupId),
  targets: ({ targetGroupArn, targetIds }) => isText(targetGroupArn) && isTextList(targetIds),
  address: ({ allocationId, instanceId }) => isText(allocationId) && isText(instanceId),
  custom: ({ functionName }) => isText(functionName),
  'read-only': ({ functionName }) => isText(functionName),
};

const scalableForms: Forms<Scalable['kind']> = {
  'auto-scaling-group': ({ name, ...sizes }) => isText(name) && hasSizes(sizes),
  'ecs-service': ({ cluster, name, ...sizes }) => isText(cluster) && isText(name) && hasSizes(sizes),
  'provisioned-concurrency': ({ functionName, alias, ...sizes }) =>
    isText(functionName) && isText(alias) && hasSizes(sizes),
  instances: ({ instanceIds }) => isTextList(instanceIds),
};

const dataForms: Forms<DataResource['kind']> = {
  'aurora-global': isGlobalCluster,
  'documentdb-global': isGlobalCluster,
  'neptune-global': isGlobalCluster,
  'rds-replica': ({ instances }) => isTextBySite(instances),
  'elasticache-global': ({ globalId, members }) => isText(globalId) && isTextBySite(members),
  'dynamodb-global': ({ tableName }) => isText(tableName),
  's3-mrap': ({ accessPointArn, buckets }) => isText(accessPointArn) && isTextBySite(buckets),
  custom: ({ functions }) => isTextBySite(functions),
};

/** Whether a value says how a site is cut off, with all that belongs to its kind. */
export function isFence(value: unknown): boolean {
  return hasForm(value, fenceForms);
}

/** Whether a value is something with a size, with all that belongs to its kind. */
export function isScalable(value: unknown): boolean {
  return hasForm(value, scalableForms);
}

/** Whether a value is data that a service can have, with all that belongs to its kind. */
export function isDataResource(value: unknown): boolean {
  return hasForm(value, dataForms);
}

/** Whole weights by name, at least one. */
export function isWeights(value: unknown, weightMax: number): boolean {
  if (!isParts(value)) return false;
  const weights = Object.values(value);
  return weights.length > 0 && weights.every((weight) => isSize(weight) && weight <= weightMax);
}

/** Whether a value is something that inside clients can be told. */
export function isPublication(value: unknown): boolean {
  if (!isParts(value)) return false;
  const { service, epoch, endpoints, isReadOnly } = value;
  return (
    isText(service) && isSize(epoch) && isFlag(isReadOnly) && Array.isArray(endpoints) && endpoints.every(isEndpoint)
  );
}

/** Whether a value says of both address types what a record holds; null for nothing. */
export function isRecordValues(value: unknown): boolean {
  if (!isParts(value)) return false;
  return [value.a, value.aaaa].every((one) => one === null || isText(one));
}

/** A whole number, 0 or more. */
export function isSize(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0;
}

/** Whether a value is text, empty text included. */
export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Whether a value says yes or no. */
export function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function hasForm<K extends string>(value: unknown, forms: Forms<K>): boolean {
  if (!isParts(value)) return false;
  const { kind, ...parts } = value;
  return isText(kind) && Object.hasOwn(forms, kind) && forms[kind as K](parts);
}

function hasSizes({ size, asActive, standbySize }: Parts): boolean {
  return isSize(size) && isFlag(asActive) && isSize(standbySize);
}

function isGlobalCluster({ globalId, clusters }: Parts): boolean {
  return isText(globalId) && isTextBySite(clusters);
}

function isEndpoint(value: unknown): boolean {
  return isParts(value) && isText(value.site) && isText(value.url);
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isText);
}

function isTextBySite(value: unknown): boolean {
  return isParts(value) && Object.values(value).every(isText);
}

function isParts(value: unknown): value is Parts {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
