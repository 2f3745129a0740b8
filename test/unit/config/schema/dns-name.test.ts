import { expect, test } from 'vitest';
import { dnsNameField, nameInZone, recordField, zoneIdField } from '../../../../src/config/schema/dns-name.ts';
import { probeHostField, probeUrlField, secretsIn } from '../../../../src/config/schema/probe-target.ts';
import { hintOf } from '../../../../src/config/schema/spelling.ts';

test.each([
  ['shop.example', 'shop.example'],
  ['Shop.Example.', 'shop.example'],
  ['xn--e1afmkfd.xn--p1ai', 'xn--e1afmkfd.xn--p1ai'],
  ['пример.рф', 'xn--e1afmkfd.xn--p1ai'],
  ['bücher。example', 'xn--bcher-kva.example'],
  ['_acme._tcp.shop.example', '_acme._tcp.shop.example'],
])('the name %s is %s', (written, name) => {
  expect(dnsNameField.parse(written)).toBe(name);
});

test.each([
  ['localhost', null],
  ['shop..example', 'write shop.example'],
  ['https://shop.example/', 'write the name alone: shop.example'],
  ['shop.example:443', 'a name has no port: write shop.example'],
  ['*.shop.example', 'an asterisk is the whole first label: *.shop.example'],
  ['203.0.113.10', null],
  [`${'a'.repeat(64)}.example`, null],
])('%s is no name of a zone: %s', (written, hint) => {
  expect(dnsNameField.safeParse(written).error?.issues.map(hintOf)).toEqual([hint]);
});

test.each([
  ['@', 'shop.example'],
  ['www', 'www.shop.example'],
  ['*', '*.shop.example'],
  ['WWW.shop.example.', 'www.shop.example'],
  ['*.api.shop.example', '*.api.shop.example'],
  ['bücher', 'xn--bcher-kva.shop.example'],
  ['api.eu', 'api.eu'],
])('in the zone shop.example the record %s is %s', (written, name) => {
  expect(nameInZone(recordField.parse(written), 'shop.example')).toBe(name);
});

test.each([
  ['www.', 'leave out the last dot: "www" is under the zone'],
  ['www.*.shop.example', 'an asterisk is the whole first label: *.shop.example'],
  ['a*.shop.example', 'an asterisk is the whole first label: *.shop.example'],
  ['', null],
])('%j is no record: %s', (written, hint) => {
  expect(recordField.safeParse(written).error?.issues.map(hintOf)).toEqual([hint]);
});

test.each([
  'Z0EXAMPLE',
  '/hostedzone/Z0EXAMPLE',
  'hostedzone/Z0EXAMPLE',
  'arn:aws:route53:::hostedzone/Z0EXAMPLE',
  'arn:aws-us-gov:route53:::hostedzone/Z0EXAMPLE',
])('%s is the zone Z0EXAMPLE', (written) => {
  expect(zoneIdField.parse(written)).toBe('Z0EXAMPLE');
});

test.each([
  ['HTTPS://Eu.Shop.Example./Health?A=B', 'https://eu.shop.example/Health?A=B'],
  ['https://bücher.example:8443', 'https://xn--bcher-kva.example:8443'],
  ['http://[2001:DB8:0:0::1]:80/x', 'http://[2001:db8::1]:80/x'],
])('the URL %s is %s', (written, url) => {
  expect(probeUrlField.parse(written)).toBe(url);
});

test.each([
  ['eu.shop.example/healthz', 'write https://eu.shop.example/healthz'],
  ['https://a:b@eu.shop.example/x', 'leave the user name and the password out: https://eu.shop.example/x'],
  ['https://eu.shop.example/#/health', 'https://eu.shop.example/health'],
  ['https://{{host}}/x', 'nothing fills in templates here'],
  ['https://eu.shop.example/a b', null],
  ['not a url', null],
])('%s is no URL of a probe: %s', (written, hint) => {
  const [found] = probeUrlField.safeParse(written).error?.issues.map(hintOf) ?? [];

  if (hint === null) expect(found).toBeNull();
  else expect(found).toContain(hint);
});

test.each([
  ['2001:DB8:0:0::1', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['Eu.Shop.Example.', 'eu.shop.example'],
  ['localhost', 'localhost'],
  ['203.0.113.10', '203.0.113.10'],
])('the host %s is %s', (written, host) => {
  expect(probeHostField.parse(written)).toBe(host);
});

test.each([
  ['eu.shop.example:22', 'host and port apart: host: eu.shop.example and port: 22'],
  ['203.0.113.10:22', 'host and port apart: host: 203.0.113.10 and port: 22'],
  ['tcp://eu.shop.example:22', 'write the name alone: eu.shop.example'],
  ['two words', null],
])('%s is no host: %s', (written, hint) => {
  expect(probeHostField.safeParse(written).error?.issues.map(hintOf)).toEqual([hint]);
});

test.each([
  ['https://a.example/?token=x&page=2', ['token']],
  ['https://a.example/?access_token=x&Api-Key=y', ['access_token', 'Api-Key']],
  ['https://a.example/?monkey=x&page=token', []],
])('of the parameters of %s, %j are secrets', (url, names) => {
  expect(secretsIn(url)).toEqual(names);
});
