import { expect, it } from 'vitest';
import { readCheckers } from '../../../../../src/adapters/aws/dns/health-check-status.ts';
import { faultOf, standIn, xml, xmlError } from '../../../../support/stand-in.ts';

const home = 'us-east-1';

/** The answer to GetHealthCheckStatus, one observation for each text; null stands for one without a report. */
function observed(statuses: readonly (string | null)[]): string {
  const items = statuses.map((status) => {
    const report = `<Status>${status}</Status><CheckedTime>2026-01-01T00:00:00Z</CheckedTime>`;
    const told = status === null ? '' : `<StatusReport>${report}</StatusReport>`;
    return `<HealthCheckObservation><Region>us-east-1</Region><IPAddress>192.0.2.1</IPAddress>${told}</HealthCheckObservation>`;
  });
  const list = `<HealthCheckObservations>${items.join('')}</HealthCheckObservations>`;
  return `<GetHealthCheckStatusResponse>${list}</GetHealthCheckStatusResponse>`;
}

it('tells what each checker saw last', async () => {
  const statuses = ['Success: HTTP Status Code 200, OK', 'Failure: HTTP Status Code 503', null, 'Something else'];
  const { clients, seen } = await standIn([home], (_seen, response) => xml(response, observed(statuses)));

  expect(await readCheckers(clients, 'check-1')).toEqual(['success', 'failure', 'unknown', 'unknown']);
  expect(seen.map(({ path }) => path)).toEqual(['/2013-04-01/healthcheck/check-1/status']);
});

it('tells of no checker while none has looked', async () => {
  const { clients } = await standIn([home], (_seen, response) => xml(response, observed([])));

  expect(await readCheckers(clients, 'check-1')).toEqual([]);
});

it.each([
  ['NoSuchHealthCheck', 404, 'invalid'],
  ['Throttling', 400, 'throttled'],
  ['AccessDenied', 403, 'denied'],
] as const)('says of %s (status %i) that it is %s', async (code, status, kind) => {
  const { clients } = await standIn([home], (_seen, response) => xmlError(response, code, status));

  expect((await faultOf(() => readCheckers(clients, 'check-1'))).kind).toBe(kind);
});
