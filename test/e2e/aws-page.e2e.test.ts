import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findMoto, type Moto, motoStartMsMax, startMoto } from '../support/moto.ts';
import { Deployed, regions } from './aws-deployed.ts';
import { findBrowser } from './browser.ts';
import { authorityPath, Oracles } from './oracles.ts';

const root = resolve(import.meta.dirname, '../..');
/** Real seconds on real processes, which a busy machine stretches. */
const patient = { timeout: 90_000 };
const browserPath = findBrowser();
const motoPath = findMoto();
const isRun = (browserPath !== null && motoPath !== null) || process.env.CI === 'true';

describe.skipIf(!isRun)('the page of a deployment on AWS, in a real browser', () => {
  const oracles = new Oracles();
  let moto: Moto;
  let deployed: Deployed;
  let browser: Browser;
  let dashboard: ChildProcess;
  let told = '';

  beforeAll(async () => {
    execFileSync(process.execPath, [join(root, 'scripts/build.js')]);
    moto = await startMoto(motoPath ?? 'moto_server');
    const memories = Object.fromEntries(regions.map((region) => [region, 'OK' as const]));
    deployed = await new Deployed(moto.url, { oracles: await oracles.start(), memories }).start();
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: deployed.folder,
      AWS_ENDPOINT_URL: deployed.url,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      NODE_EXTRA_CA_CERTS: authorityPath,
    };
    const words = [join(root, 'dist/failover.js'), 'dashboard', '--config', 'failover.config.yaml', '--json'];
    dashboard = spawn(process.execPath, words, { cwd: deployed.folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
    dashboard.stdout?.on('data', (chunk: Buffer) => {
      told += chunk.toString();
    });
    browser = await chromium.launch({ executablePath: browserPath ?? 'chromium', args: ['--no-sandbox'] });
  }, motoStartMsMax + patient.timeout);

  afterAll(async () => {
    dashboard?.kill('SIGTERM');
    if (dashboard?.exitCode === null) await once(dashboard, 'exit');
    await browser?.close();
    oracles.stop();
    await deployed?.stop();
    await moto?.stop();
  });

  async function open(width: number): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    let url: string | undefined;
    for (let waited = 0; url === undefined && waited < 600; waited += 1) {
      [, url] = /"page":\s*"([^"]+)"/.exec(told) ?? [];
      await sleep(50);
    }
    await page.goto(url ?? 'about:blank');
    return page;
  }

  it('shows votes and memories, asked once for all windows, and says first where clients are led elsewhere', {
    retry: 2,
    timeout: 4 * patient.timeout,
  }, async () => {
    const [wide, narrow] = await Promise.all([open(1280), open(400)]);
    const dns = wide.locator('[data-part="dns/web"]');
    const east = narrow.locator('[data-part="region/us-east-1"]');

    await dns.getByText('as the register').waitFor(patient);
    const calm = await dns.textContent();
    await narrow.locator('[data-part="dns/web"]').getByText('virginia 3/3').first().waitFor(patient);
    const region = await east.textContent();
    const [asked, sinceMs] = [oracles.asked, Date.now()];
    oracles.isOff = true;
    await Promise.all(regions.map((each) => deployed.remember(each, 'ALARM')));
    await Promise.all(
      [wide, narrow].map((page) => page.locator('[data-part="first/web"]').getByText('UNPROTECTED').waitFor(patient)),
    );
    await dns.getByText('leads elsewhere').waitFor(patient);
    const rounds = Math.ceil((Date.now() - sinceMs) / 10_000) + 1;

    expect(calm).toMatch(/oracles\s*virginia 3\/3\s*memories\s*virginia 3\/3/);
    expect(region).toMatch(/oracle\s*virginia: no vote\s*memory\s*virginia: not left/);
    expect(oracles.asked - asked).toBeLessThanOrEqual(rounds * regions.length);
    expect(await narrow.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    expect(await wide.locator('[data-part="site/web/oregon"]').textContent()).toContain('DNS leads clients here');
    await Promise.all([wide.close(), narrow.close()]);
    oracles.isOff = false;
    await Promise.all(regions.map((each) => deployed.remember(each, 'OK')));
  });
});
