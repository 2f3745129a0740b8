import { expect, it } from 'vitest';
import { readParameter } from '../../../../src/adapters/aws/publish/parameters.ts';
import { faultOf, jsonError, standIn } from '../../../support/stand-in.ts';

const home = 'us-east-1';
const away = 'us-west-2';
const name = '/shop/failover/oracle-host';

it('reads the parameter in the region that is named', async () => {
  const { clients, seen } = await standIn([home, away], ({ headers }, response) => {
    const region = headers.authorization?.split('/')[2];
    response.end(JSON.stringify({ Parameter: { Name: name, Value: `${region}.example` } }));
  });

  expect(await readParameter(clients, away, name)).toBe('us-west-2.example');
  expect(seen.map(({ headers, body }) => [headers['x-amz-target'], JSON.parse(body)])).toEqual([
    ['AmazonSSM.GetParameter', { Name: name }],
  ]);
});

it.each([
  { what: 'nothing', answer: {} },
  { what: 'an empty value', answer: { Parameter: { Name: name, Value: '' } } },
])('is invalid when the region answers $what', async ({ answer }) => {
  const { clients } = await standIn([home], (_seen, response) => response.end(JSON.stringify(answer)));

  expect((await faultOf(() => readParameter(clients, home, name))).kind).toBe('invalid');
});

it.each([
  ['ParameterNotFound', 400, 'invalid'],
  ['AccessDeniedException', 400, 'denied'],
  ['ThrottlingException', 400, 'throttled'],
  ['InternalServerError', 500, 'unavailable'],
] as const)('says of %s (status %i) that it is %s', async (code, status, kind) => {
  const { clients } = await standIn([home], (_seen, response) => jsonError(response, code, status));

  expect((await faultOf(() => readParameter(clients, home, name))).kind).toBe(kind);
});
