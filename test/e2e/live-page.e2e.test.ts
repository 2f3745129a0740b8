import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabEvent } from '../../src/dashboard/lab-event.ts';
import { findBrowser } from './browser.ts';

const root = resolve(import.meta.dirname, '../..');
const patient = { timeout: 60_000 };
/** Real seconds on real processes: a busy machine may take ten times what the page is made for. */
const slackTimes = 10;

const browserPath = findBrowser();

/** A lab with its page, and what it has told so far. */
class LabUnderTest {
  readonly process: ChildProcess;
  readonly folder = mkdtempSync(join(tmpdir(), 'page-'));
  #told = '';

  constructor() {
    const words = [join(root, 'dist/failover.js'), 'lab', '--port', '0', '--json', '--out', this.folder];
    this.process = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.process.stdout?.on('data', (chunk: Buffer) => {
      this.#told += chunk.toString();
    });
  }

  async url(): Promise<string> {
    for (let waited = 0; waited < 1_200; waited += 1) {
      const [, page] = /"page":"([^"]+)"/.exec(this.#told) ?? [];
      if (page !== undefined) return page;
      await sleep(50);
    }
    throw new Error('the lab did not come to rest');
  }

  events(): readonly LabEvent[] {
    const lines = this.#told.split('\n').slice(0, -1);
    return lines.flatMap((line) => (line.startsWith('{"event"') ? [JSON.parse(line).event as LabEvent] : []));
  }

  async stop(): Promise<void> {
    this.process.kill('SIGCONT');
    this.process.kill('SIGTERM');
    if (this.process.exitCode === null) await once(this.process, 'exit');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const first = (page: Page) => page.locator('[data-part="first/web"]');
const register = (page: Page) => page.locator('[data-part="register/web"]');
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

/** Keeps the page's next questions about a command waiting. */
async function holdPreviews(page: Page): Promise<{ readonly asked: Promise<void>; readonly letGo: () => void }> {
  let tellAsked = () => {};
  let letGo = () => {};
  const asked = new Promise<void>((tell) => {
    tellAsked = tell;
  });
  const go = new Promise<void>((tell) => {
    letGo = tell;
  });
  await page.route('**/preview', async (route) => {
    tellAsked();
    await go;
    await route.continue();
  });
  return { asked, letGo };
}

describe.skipIf(browserPath === null && process.env.CI !== 'true')('the live page in a real browser', () => {
  let lab: LabUnderTest;
  let browser: Browser;
  let url = '';

  beforeAll(async () => {
    execFileSync(process.execPath, [join(root, 'scripts/build.js')]);
    lab = new LabUnderTest();
    browser = await chromium.launch({ executablePath: browserPath ?? 'chromium', args: ['--no-sandbox'] });
    url = await lab.url();
  });

  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  });

  async function open(viewport = { width: 1280, height: 900 }): Promise<Page> {
    const page = await browser.newPage({ viewport });
    await page.goto(url);
    await page.getByText('live', { exact: true }).waitFor(patient);
    return page;
  }

  it('paints at once, from this machine alone, without its token in the address, and fits 400 pixels', async () => {
    const asked: string[] = [];
    const page = await browser.newPage({ viewport: { width: 400, height: 800 } });
    const faults: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => faults.push(message.text()));

    await page.goto(url);
    await page.getByText('live', { exact: true }).waitFor(patient);

    const paintMs = await page.evaluate(`performance.getEntriesByName('first-contentful-paint')[0].startTime`);
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    const scriptBytes = (await (await page.request.get(new URL('/page.js', url).href)).body()).length;
    process.stdout.write(`first paint after ${Math.round(Number(paintMs))} ms, script of ${scriptBytes} bytes\n`);
    expect(Number(paintMs)).toBeLessThan(1_000 * slackTimes);
    expect(scriptBytes).toBeLessThan(100_000);
    expect(overflow).toBe(0);
    expect(faults).toEqual([]);
    expect(new Set(asked.map((each) => new URL(each).origin).filter((origin) => origin !== 'null'))).toEqual(
      new Set([new URL(url).origin]),
    );
    expect(page.url()).not.toContain('token');
    await page.close();
  });

  it('moves a service by two clicks, in both windows, and shows the same after a reload in mid-run', {
    retry: 2,
  }, async () => {
    const [one, other] = [await open(), await open({ width: 400, height: 800 })];
    const from = await register(one).locator('dd').first().textContent();
    const to = from === 'virginia' ? 'oregon' : 'virginia';

    await button(one, `Switch over to ${to}`).click();
    await one.getByText('It would say: switchover of web').waitFor(patient);
    const steps = await one.locator('#ask-preview li').allTextContents();
    await button(one, 'Do it').click();
    await register(other).getByText(to).first().waitFor(patient);
    await one.reload();

    await register(one).getByText(to).first().waitFor(patient);
    expect(await one.locator('[data-part="run/web"] p').first().textContent()).toContain(`switchover ${from} > ${to}`);
    await one.getByText(`(${to})`, { exact: false }).first().waitFor(patient);
    expect(steps).toEqual(['dns www.drill.example', `verify ${to}`, 'notify web']);
    await other.locator('[data-part="dns/web"]').getByText(to, { exact: true }).waitFor(patient);
    await Promise.all([one.close(), other.close()]);
  });

  it('shows a site that is killed and healed, each change soon after its watcher told of it', {
    retry: 2,
  }, async () => {
    const page = await open();
    const active = (await register(page).locator('dd').first().textContent()) ?? '';
    const standby = active === 'virginia' ? 'oregon' : 'virginia';
    await page.evaluate(`{
      window.seen = [];
      const site = document.querySelector('[data-part="site/web/${standby}"]');
      new MutationObserver(() => window.seen.push([Date.now(), site.textContent])).observe(site, { childList: true });
    }`);
    const before = lab.events().length;

    await button(page, new RegExp(`^Kill: .*\\(${standby}\\)`)).click();
    await first(page).getByText('UNPROTECTED').waitFor(patient);
    await page.locator(`[data-part="site/web/${standby}"]`).getByText('killed').waitFor(patient);
    await button(page, `Heal ${standby}`).click();
    await first(page).getByText('PROTECTED', { exact: true }).waitFor(patient);

    const seen = (await page.evaluate('window.seen')) as readonly (readonly [atMs: number, text: string])[];
    const told = lab.events().slice(before);
    const delays = told.flatMap(({ kind, site, place, atMs, data }) => {
      if (kind !== 'opinion-changed' || site !== standby || data.opinion === 'up') return [];
      const shown = seen.find(([at, text]) => at >= atMs && text.includes(`${place} ${data.opinion}`));
      return shown === undefined ? [] : [shown[0] - atMs];
    });
    process.stdout.write(`from an opinion to the screen: ${delays.map((ms) => `${Math.round(ms)} ms`).join(', ')}\n`);
    expect(delays.length).toBeGreaterThan(0);
    expect(Math.min(...delays)).toBeLessThan(300 * slackTimes);
    expect(await page.locator('.fault').count()).toBe(await page.locator('#timeline .fault').count());
    await page.close();
  });

  it('moves a service away from a region that is cut off, and is protected again once it is healed and acknowledged', {
    retry: 2,
  }, async () => {
    const page = await open();
    const from = (await register(page).locator('dd').first().textContent()) ?? '';
    const [to, region] = from === 'virginia' ? ['oregon', 'us-east-1'] : ['virginia', 'us-west-2'];
    await first(page).getByText('PROTECTED', { exact: true }).waitFor(patient);

    await button(page, new RegExp(`^Cut off: .*\\(${region}\\)`)).click();
    await page.locator(`[data-part="region/${region}"]`).getByText('cut off from the other regions').waitFor(patient);
    await register(page).locator('dd').first().getByText(to).waitFor(patient);
    const cutOff = await first(page).textContent();
    await button(page, `Heal ${region}`).click();
    await page.locator(`[data-part="site/web/${from}"]`).getByText('standby').waitFor(patient);
    await button(page, 'Acknowledge').click();
    await page.getByText('It would say:').waitFor(patient);
    await button(page, 'Do it').click();
    await first(page).getByText('PROTECTED', { exact: true }).waitFor(patient);

    expect(cutOff).not.toMatch(/^PROTECTED/);
    expect(await page.locator(`[data-part="region/${region}"] .fault`).count()).toBe(0);
    expect(await register(page).locator('dd').first().textContent()).toBe(to);
    await page.close();
  });

  it('asks again what a command would do when the connection comes back, before it can be carried out', {
    retry: 2,
  }, async () => {
    const page = await open();
    await button(page, 'Pause').first().click();
    await page.getByText('It would say:').waitFor(patient);
    const previews: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/preview')) previews.push(request.url());
    });

    lab.process.kill('SIGSTOP');
    await page.getByText(/Connection lost since/).waitFor(patient);
    const isLostDisabled = await button(page, 'Do it').isDisabled();
    const held = await holdPreviews(page);
    lab.process.kill('SIGCONT');
    await page.locator('#lost').waitFor({ state: 'hidden', ...patient });
    await held.asked;
    const isUnaskedDisabled = await button(page, 'Do it').isDisabled();
    held.letGo();
    await page.locator('#ask-do:enabled').waitFor(patient);

    expect([isLostDisabled, isUnaskedDisabled]).toEqual([true, true]);
    expect(previews.length).toBeGreaterThan(0);
    await button(page, 'Leave it').click();
    await page.close();
  });

  it('says since when the connection is lost, and finds it again', { retry: 2 }, async () => {
    const page = await open();

    lab.process.kill('SIGSTOP');
    await page.getByText(/Connection lost since \d\d:\d\d:\d\d UTC/).waitFor(patient);
    const isDisabled = await button(page, 'Pause').isDisabled();
    const reading = await page.locator('#reading').textContent();
    lab.process.kill('SIGCONT');
    await page.getByText('live', { exact: true }).waitFor(patient);

    expect(isDisabled).toBe(true);
    expect(reading).toMatch(/^OLD: read \d+ s ago$/);
    expect(await page.locator('#lost').isHidden()).toBe(true);
    expect(await button(page, 'Pause').isDisabled()).toBe(false);
    await page.close();
  });
});
