/**
 * Requests of OTLP over HTTP in their JSON form, as far as they are used.
 *
 * Names are lowerCamelCase, ids are hexadecimal, 64-bit integers are texts, and enumerations are numbers. Sources:
 * OTLP Specification 1.9, "OTLP/HTTP", "JSON Protobuf Encoding" (https://opentelemetry.io/docs/specs/otlp/);
 * opentelemetry-proto 1.9, `trace.proto`, `metrics.proto`, `common.proto`.
 */

/** A value of an attribute; a number is a whole one. */
export type AttributeValue = string | number | boolean;

/** An attribute as it is sent. */
export interface KeyValue {
  readonly key: string;
  readonly value: { readonly stringValue: string } | { readonly boolValue: boolean } | { readonly intValue: string };
}

/** Attributes by name; those without a value are left out. */
export function attributes(values: Readonly<Record<string, AttributeValue | null | undefined>>): readonly KeyValue[] {
  return Object.entries(values).flatMap(([key, value]) =>
    value === null || value === undefined ? [] : [{ key, value: attributeValue(value) }],
  );
}

function attributeValue(value: AttributeValue): KeyValue['value'] {
  if (typeof value === 'string') return { stringValue: value };
  return typeof value === 'boolean' ? { boolValue: value } : { intValue: String(Math.round(value)) };
}

/** A time as it is sent: nanoseconds since 1970, as a text. */
export function nanos(ms: number): string {
  return String(BigInt(Math.round(ms)) * 1_000_000n);
}

/** Who made it: the same for metrics and traces. */
export const scope = { name: 'cdk-failover' } as const;

/**
 * The source of what is sent. Source: OpenTelemetry Semantic Conventions 1.37, "Service" and "Cloud".
 *
 * @param region - null of what does not depend on who sends it
 */
export function resource(deployment: string, region: string | null) {
  return {
    attributes: attributes({
      'service.name': 'cdk-failover',
      'service.namespace': deployment,
      'service.instance.id': region,
      'cloud.region': region,
    }),
  };
}

/** A request to a collector: what comes after the endpoint, and the body before it is written as JSON. */
export interface OtlpRequest {
  readonly path: '/v1/metrics' | '/v1/traces';
  readonly body: unknown;
}
