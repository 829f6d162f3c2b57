import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { DEMO_PERSON, inventPersons } from '#api/demo-persons.ts';
import { makeUser, type Role } from '#identity/index.ts';
import { launchBrowser, PATIENCE_MS, prepareConsole, skipBrowser } from './support/browser.ts';
import { startService } from './support/service.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ROLES: readonly Role[] = ['clerk', 'reviewer', 'head', 'person'];

describe('insured persons in a browser', { skip: skipBrowser }, () => {
  let service: Awaited<ReturnType<typeof startService>>;
  let browser: Browser;
  let address: string;
  const passwords = new Map<string, string>();

  before(async () => {
    await prepareConsole();
    service = await startService();
    await inventPersons(service.services, 10);
    address = await service.server.listen({ host: '127.0.0.1', port: 0 });
    const { store } = service.services;
    for (const role of ROLES) {
      const psnNo = role === 'person' ? DEMO_PERSON : null;
      const user = { login: role, displayName: role, role, institutionCode: null, psnNo };
      passwords.set(role, await makeUser(store, user));
    }
    await store.updateTable('user_account').set({ must_change_password: false }).execute();
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await service?.close();
  });

  /** Signs in through the page; what the browser complains about fails the test that asks for `complaints`. */
  async function signIn(role: Role, options: { locale?: string; dark?: boolean; width?: number } = {}) {
    const context = await browser.newContext({
      locale: options.locale ?? 'zh-CN',
      colorScheme: options.dark ? 'dark' : 'light',
      viewport: { width: options.width ?? 1440, height: 900 },
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // the question who is signed in is answered with 401 before the sign-in
      if (message.type() === 'error' && !message.text().includes('401')) complaints.push(message.text());
    });
    await page.goto(address);
    await page.getByLabel(/用户名|User name/).fill(role);
    await page.getByLabel(/^(密码|Password)$/).fill(passwords.get(role)!);
    await page.getByRole('button', { name: /登\s?录|Sign in/ }).click();
    await page.getByRole('link', { name: 'OpenYibao' }).waitFor();
    return { page, complaints, close: () => context.close() };
  }

  const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });
  const row = (page: Page, name: string | RegExp) =>
    page.locator('tbody tr.ant-table-row', { hasText: name });
  async function open(page: Page, path: string, name: string | RegExp) {
    await page.goto(address + path);
    await heading(page, name).waitFor();
    await page.waitForLoadState('networkidle');
  }
  async function seriousFaults(page: Page): Promise<string[]> {
    await page.evaluate(AXE);
    const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
      violations: { id: string; impact: string; nodes: { html: string }[] }[];
    };
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 200)}`);
  }

  test('a clerk finds a person, says why the name is needed, and reads a settlement step by step with its article', async () => {
    const { page, complaints, close } = await signIn('clerk');
    await page.getByRole('menuitem', { name: '参保人' }).click();
    await heading(page, '参保人').waitFor();
    await page.getByLabel('人员编号').fill(DEMO_PERSON);
    await page.getByLabel('人员编号').press('Enter');
    await row(page, '陈*').first().waitFor();
    assert.ok(!(await page.content()).includes(`>${DEMO_PERSON}<`));
    // a row opens with the keyboard
    await row(page, '陈*').first().focus();
    await page.keyboard.press('Enter');
    await heading(page, '参保人档案 1').waitFor();
    await page.getByRole('button', { name: '显示个人信息' }).click();
    await page.getByLabel('理由（记入审计日志）').fill('窗口核对身份');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /显\s?示/ })
      .click();
    await page.getByText(DEMO_PERSON).waitFor();
    await row(page, '普通门诊').first().getByRole('link').click();
    await heading(page, '一次结算').waitFor();
    await page.getByText('十四步').waitFor();
    await page.getByRole('button', { name: '条款' }).first().click();
    await page.getByRole('dialog').getByText('演示市医疗保障待遇办法').first().waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test('an invoice is entered, tried out and submitted; others check, approve and find it settled', async () => {
    const clerk = await signIn('clerk');
    await open(clerk.page, '/reimbursements/new', '录入发票');
    const fill = (label: string | RegExp, value: string) => clerk.page.getByLabel(label).first().fill(value);
    await fill('档案号', '1');
    await fill('机构代码', 'H77000000001');
    await fill('机构名称', '外地医院');
    await fill('就医地区划（6 位）', '110000');
    await fill('就医开始', '2025-12-01');
    await fill('就医结束', '2025-12-01');
    await fill('发票号码', 'X99');
    await fill('发票总额（元）', '620');
    await fill('项目编码', 'S220');
    await fill('数量', '1');
    await fill('单价（元）', '620');
    await clerk.page.getByRole('button', { name: /试\s?算/ }).click();
    await clerk.page.getByText(/试算：医疗费 620\.00 元/).waitFor();
    await clerk.page.getByRole('button', { name: '提交复核' }).click();
    await heading(clerk.page, '零星报销').waitFor();
    await row(clerk.page, 'X99').getByText('已提交').waitFor();
    assert.deepEqual(clerk.complaints, []);
    await clerk.close();
    for (const [role, action, state] of [
      ['reviewer', '复核通过', '已复核'],
      ['head', '批准并结算', '已结算'],
    ] as const) {
      const person = await signIn(role);
      await open(person.page, '/reimbursements', '零星报销');
      await row(person.page, 'X99')
        .getByRole('button', { name: /办\s?理/ })
        .click();
      await person.page.getByRole('dialog').getByRole('button', { name: action }).click();
      await person.page.getByRole('dialog').getByText(state).first().waitFor();
      await person.page.keyboard.press('Escape');
      await row(person.page, 'X99').getByText(state).waitFor();
      assert.deepEqual(person.complaints, []);
      await person.close();
    }
  });

  test('the day is closed and the books are proven', async () => {
    const { page, complaints, close } = await signIn('head');
    await open(page, '/fund?tab=seals', '基金月账');
    await page.getByRole('button', { name: /日\s?结/ }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /确\s?定/ })
      .click();
    await page.getByText(/已封存 \d+ 笔/).waitFor();
    await page.getByRole('button', { name: '验证账目' }).click();
    await page.getByRole('dialog').getByText('封存之后没有改动', { exact: false }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test('a person on a telephone reads the own settlement and rates a request', async () => {
    const { page, complaints, close } = await signIn('person', { width: 390 });
    await heading(page, '我的医保').waitFor();
    await page.getByText('正常享受待遇').waitFor();
    const settlement = page.getByRole('link', { name: /2025-.*普通/ }).first();
    await settlement.waitFor();
    assert.ok(Number(await page.evaluate('document.documentElement.scrollWidth')) <= 390);
    const stars = page.getByRole('group', { name: '评价 参保人员参保信息查询' });
    await stars.getByRole('radio').nth(3).click();
    await page.getByText('感谢评价').waitFor();
    await settlement.click();
    await heading(page, '这次结算').waitFor();
    await page.getByText('十四步').waitFor();
    assert.ok(Number(await page.evaluate('document.documentElement.scrollWidth')) <= 390);
    assert.deepEqual(await seriousFaults(page), []);
    await open(page, '/persons', '没有这个页面');
    assert.deepEqual(complaints, []);
    await close();
  });

  test('every page reads without serious faults, dark and English too', async () => {
    for (const [role, locale, dark, paths] of [
      [
        'head',
        'zh-CN',
        false,
        [
          '/persons',
          '/persons/1',
          '/filings',
          '/reimbursements',
          '/fund',
          '/items',
          '/early-warnings?year=2025',
          '/service-requests',
        ],
      ],
      [
        'clerk',
        'en',
        true,
        [
          '/persons/1?tab=accumulators',
          '/reimbursements/new',
          '/fund?tab=reconciliations',
          '/items',
          '/service-requests?tab=requests',
        ],
      ],
      ['person', 'en', true, ['/own-file']],
    ] as const) {
      const { page, complaints, close } = await signIn(role, {
        locale,
        dark,
        width: role === 'person' ? 390 : 1440,
      });
      for (const path of paths) {
        await open(page, path, /./);
        assert.deepEqual(await seriousFaults(page), [], path);
      }
      assert.deepEqual(complaints, []);
      await close();
    }
  });
});
