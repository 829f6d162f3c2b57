import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { openFixture } from './fixture.ts';
import { writeReport } from './report.ts';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const missing = !existsSync(CHROMIUM);
if (missing && process.env.CI === 'true')
  throw new Error(`no Chromium at ${CHROMIUM}; set CHROMIUM_PATH or install the package chromium`);
if (missing)
  console.error(`SKIPPED: browser tests of the report, no Chromium at ${CHROMIUM} (CHROMIUM_PATH)`);
const skip = missing ? `no Chromium at ${CHROMIUM}` : false;

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const CHARTS = 7;

let folder: string;
let browser: Browser;

before(async () => {
  if (missing) return;
  folder = mkdtempSync(join(tmpdir(), 'yibao-report-'));
  const engine = await openFixture({ institutions: 60, cases: 6_000 });
  for (const language of ['zh', 'en'] as const)
    await writeReport({ engine, file: join(folder, `${language}.html`), language });
  engine.close();
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
});
after(async () => {
  if (missing) return;
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** Opens the report and hands over the page with whatever the browser complained about or asked the network for. */
async function open(language: string, width: number): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) complaints.push(request.url());
  });
  await page.goto(pathToFileURL(join(folder, `${language}.html`)).href);
  return { page, complaints };
}

for (const language of ['zh', 'en'])
  for (const width of [1280, 800])
    test(`the report (${language}) opens quietly at ${width} px, with all charts and nothing sticking out`, {
      skip,
    }, async () => {
      const { page, complaints } = await open(language, width);
      const boxes = await page
        .locator('svg.chart[role=img]')
        .evaluateAll((charts) => charts.map((chart) => chart.getBoundingClientRect().toJSON()));
      assert.equal(boxes.length, CHARTS);
      for (const box of boxes) assert.ok(box.width > 400 && box.height > 150, JSON.stringify(box));
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      assert.equal(overflow, 0);
      assert.deepEqual(complaints, []);
      await page.close();
    });

test('no text of a chart is cut by the edge of the chart', { skip }, async () => {
  const { page } = await open('zh', 1280);
  const cut = await page.locator('svg.chart').evaluateAll((charts) =>
    charts.flatMap((chart) => {
      const frame = chart.getBoundingClientRect();
      return [...chart.querySelectorAll('text')]
        .filter((text) => {
          const box = text.getBoundingClientRect();
          return (
            box.left < frame.left - 1 ||
            box.right > frame.right + 1 ||
            box.top < frame.top - 1 ||
            box.bottom > frame.bottom + 1
          );
        })
        .map((text) => `${chart.id}: ${text.textContent}`);
    }),
  );
  assert.deepEqual(cut, []);
  await page.close();
});

test('the report prints on several pages of A4, and no table is wider than the paper', { skip }, async () => {
  const { page } = await open('zh', 1280);
  const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1');
  const pages = pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
  assert.ok(pages > 1, `${pages} pages`);
  // A4 in points
  assert.match(pdf, /\/MediaBox\s*\[\s*0 0 59[45][.\d]* 84[12][.\d]*\s*\]/);
  // 186 mm between the margins at 96 px an inch
  await page.setViewportSize({ width: 703, height: 1000 });
  await page.emulateMedia({ media: 'print' });
  const wide = await page
    .locator('table')
    .evaluateAll((tables) =>
      tables
        .filter((table) => table.getBoundingClientRect().right > 704)
        .map((table) => table.textContent?.slice(0, 40)),
    );
  assert.deepEqual(wide, []);
  await page.close();
});

test('a dark screen gets light text in the charts, paper never does', { skip }, async () => {
  const { page } = await open('zh', 1280);
  const ink = () => page.evaluate(`getComputedStyle(document.querySelector('svg.chart text')).fill`);
  await page.emulateMedia({ colorScheme: 'dark', media: 'screen' });
  const dark = await ink();
  await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
  assert.notEqual(await ink(), dark);
  await page.close();
});
