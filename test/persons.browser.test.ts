import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { Browser, BrowserContext, Page } from 'playwright-core';
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

  const sessions = new Map<string, Awaited<ReturnType<BrowserContext['cookies']>>>();

  /** Signs in through the page, the first time of a role; what the browser complains about fails the test that asks for `complaints`. */
  async function signIn(role: Role, options: { locale?: string; dark?: boolean; width?: number } = {}) {
    const context = await browser.newContext({
      locale: options.locale ?? 'zh-CN',
      reducedMotion: 'reduce',
      colorScheme: options.dark ? 'dark' : 'light',
      viewport: { width: options.width ?? 1440, height: 900 },
    });
    await context.addCookies(sessions.get(role) ?? []);
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // the question who is signed in is answered with 401 before the sign-in
      if (message.type() === 'error' && !message.text().includes('401')) complaints.push(message.text());
    });
    await page.goto(address);
    if (!sessions.has(role)) {
      await page.getByLabel(/用户名|User name/).fill(role);
      await page.getByLabel(/^(密码|Password)$/).fill(passwords.get(role)!);
      await page.getByRole('button', { name: /登\s?录|Sign in/ }).click();
    }
    await page.getByRole('link', { name: 'OpenYibao' }).waitFor();
    sessions.set(role, await context.cookies());
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

  /** Lands a file of a department by the button of a page. */
  async function land(
    page: Page,
    button: string,
    department: string | undefined,
    name: string,
    lines: string[],
  ) {
    await page.getByRole('button', { name: button }).click();
    const dialog = page.getByRole('dialog');
    if (department !== undefined) {
      await dialog.getByLabel('部门').click();
      await page.locator('.ant-select-item-option', { hasText: department }).click();
    }
    const buffer = Buffer.from(`${lines.join('\n')}\n`);
    await dialog.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer });
    await dialog.getByRole('button', { name: /导\s?入$/ }).click();
    await dialog.getByText(`${name}：`).waitFor();
    await dialog
      .getByRole('button', { name: /关\s?闭$/ })
      .last()
      .click();
    await dialog.waitFor({ state: 'hidden' });
  }
  const certificateOf = async (file: number) => {
    const { rows } = await sql<{ name: string; certno: string }>`SELECT p.name, c.certno FROM person AS p
      JOIN person_certificate AS c ON c.psn_no = p.psn_no WHERE p.file_number = ${file}`.execute(
      service.services.store,
    );
    return rows[0]!;
  };

  test('files of tax bureau and treasury are landed, reconciled, and a difference is followed to its rows', async () => {
    const { page, complaints, close } = await signIn('clerk');
    await open(page, '/reconciliations', '缴费对账');
    await row(page, '2025-10-01 – 2025-10-31').waitFor();
    const { name, certno } = await certificateOf(1);
    const paid = (receipt: string, yuan: string) =>
      `${name},${certno},${receipt},职工,2026-03-10,2026-03,2026-03,${yuan},480.00,990100`;
    const button = '导入税务、国库文件';
    await land(page, button, '税务征收明细', 'tax-2026.csv', [
      '姓名,身份证号,票据号,险种,入库日期,费款所属期起,费款所属期止,个人缴费,单位缴费,区划',
      paid('N1', '120.00'),
      paid('N2', '130.00'),
    ]);
    await land(page, button, '财政国库入账', 'treasury-2026.csv', [
      '票据号,险种,入账日期,费款所属期起,费款所属期止,入账金额,单位缴费,区划',
      'N1,职工,2026-03-11,2026-03,2026-03,120.00,480.00,990100',
      'N2,职工,2026-03-11,2026-03,2026-03,120.00,480.00,990100',
    ]);
    await open(page, '/reconciliations?year=2026&insutype=310', '缴费对账');
    await row(page, '2026-03').getByText('经办机构未到').waitFor();
    await open(page, '/reconciliations?year=2026&insutype=310&side-month=2026-03', '缴费对账');
    await page.getByRole('button', { name: /^对\s?账$/ }).click();
    const dialog = page.getByRole('dialog');
    assert.equal(await dialog.getByLabel('入库日期起').inputValue(), '2026-03-01');
    // an end before its beginning is refused beside the field
    await dialog.getByLabel('入库日期止').fill('2026-02-01');
    await dialog.getByRole('button', { name: /^对\s?账$/ }).click();
    await dialog.locator('.ant-form-item', { hasText: '入库日期止' }).getByText('paidTo').waitFor();
    await dialog.getByLabel('入库日期止').fill('2026-03-31');
    await dialog.getByRole('button', { name: /^对\s?账$/ }).click();
    await heading(page, /缴费对账 \d+/).waitFor();
    await row(page, '经办机构没有').first().waitFor();
    assert.equal(await row(page, '经办机构没有').count(), 2);
    await row(page, '金额不同').click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('看三方各自的行').waitFor();
    await drawer.getByText('tax-2026.csv · 3').waitFor();
    await drawer.getByText('treasury-2026.csv · 3').waitFor();
    await drawer.getByRole('link', { name: /^1 / }).click();
    await heading(page, '参保人档案 1').waitFor();
    // the one refusal above
    assert.deepEqual(
      complaints.filter((text) => !text.includes('400')),
      [],
    );
    await close();
  });

  test('a payable list is made, sent with a reason, answered by the tax bureau, and says what to do', async () => {
    const { page, complaints, close } = await signIn('clerk');
    await open(page, '/payables', '应缴清册');
    await page.getByRole('button', { name: '生成清册' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('统筹区或区县').click();
    await page.locator('.ant-select-item-option', { hasText: '990100' }).first().click();
    await dialog.getByLabel('缴费年度').fill('2027');
    await dialog.getByLabel('身份与异地参保截至').fill('2026-10-10');
    await dialog.getByRole('button', { name: /生\s?成$/ }).click();
    await page.getByRole('link', { name: /打开清册/ }).waitFor();
    await page.getByRole('link', { name: /打开清册/ }).click();
    await heading(page, /应缴清册 \d+/).waitFor();
    const list = page.url().split('/').at(-1)!;
    await row(page, '已生成，未送').first().waitFor();
    await page.getByRole('button', { name: '送税务' }).click();
    await page
      .getByRole('dialog')
      .getByLabel(/送给谁/)
      .fill('送市税务局，集中征缴');
    const download = page.waitForEvent('download');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /导\s?出/ })
      .click();
    assert.equal((await download).suggestedFilename(), `payable-${list}.xlsx`);
    await row(page, '已送，未回执').first().waitFor();
    await land(page, '导入税务回执', undefined, 'answers-2027.csv', [
      '应缴编号,处理结果,退回原因',
      `${list}-1,退回,姓名与证件不一致`,
      `${list}-2,接收,`,
    ]);
    await row(page, '姓名与证件不一致').getByText('税务退回').waitFor();
    await row(page, '税务已接收，未缴').waitFor();
    await page.getByRole('combobox', { name: '状态' }).click();
    await page.locator('.ant-select-item-option', { hasText: '税务退回' }).click();
    await row(page, '税务已接收，未缴').waitFor({ state: 'detached' });
    await page.getByText('按退回原因更正档案').waitFor();
    assert.equal(await row(page, '').count(), 1);
    assert.deepEqual(complaints, []);
    await close();
  });

  test('a transfer is taken in, told beforehand, finished, and counted; one certificate once', async () => {
    const { page, complaints, close } = await signIn('clerk');
    await open(page, '/transfers', '关系转移接续');
    await page.getByRole('button', { name: '受理转移' }).click();
    const dialog = page.getByRole('dialog');
    const fill = (label: string, value: string) => dialog.getByLabel(label).fill(value);
    const send = () => dialog.getByRole('button', { name: /受\s?理$/ }).click();
    await fill('档案号', '1');
    await fill('对方统筹区（6 位）', '440300');
    await fill('参保凭证号', '110000-2025-0017');
    await fill('参保起月', '2016-12');
    await fill('参保止月', '2016-01');
    await fill('转入个人账户（元）', '321.09');
    await send();
    await dialog.locator('.ant-form-item', { hasText: '参保止月' }).getByText('monthFrom').first().waitFor();
    await fill('参保止月', '2017-06');
    await send();
    // that certificate came in before
    await dialog.locator('.ant-form-item', { hasText: '参保凭证号' }).getByText('已经登记').waitFor();
    await fill('参保凭证号', 'NEW-1');
    await send();
    await row(page, 'NEW-1').getByText('已受理').waitFor();
    await row(page, 'NEW-1').locator('td').first().click();
    const drawer = page.getByRole('dialog').first();
    await drawer.getByText('凭证 7 个月').waitFor();
    const before = await drawer.getByText(/办结后共计入 \d+ 个月/).innerText();
    await drawer.getByRole('button', { name: /办\s?结/ }).click();
    await page
      .getByRole('dialog')
      .last()
      .getByRole('button', { name: /办\s?结/ })
      .click();
    await drawer.getByText('个人账户已转入 321.09 元').waitFor();
    const counted = /共计入 (\d+) 个月/;
    assert.equal((await drawer.getByText(counted).innerText()).match(counted)![1], before.match(counted)![1]);
    await open(page, '/persons/1?tab=contributions', '参保人档案 1');
    await row(page, '201612').getByText('201706').waitFor();
    assert.deepEqual(
      complaints.filter((text) => !/400|409/.test(text)),
      [],
    );
    await close();
  });

  test('a year is closed, looked at, applied by a reviewer among the approvals, and read in a person’s file', async () => {
    const clerk = await signIn('clerk');
    await open(clerk.page, '/continuity', '年度结转');
    await clerk.page.getByRole('button', { name: '结转一年' }).click();
    const dialog = clerk.page.getByRole('dialog');
    await dialog.getByLabel('年度').fill('2025');
    await dialog.getByRole('button', { name: /结\s?转$/ }).click();
    await clerk.page.getByRole('link', { name: /打开结转/ }).waitFor();
    await clerk.page.getByRole('link', { name: /打开结转/ }).click();
    await heading(clerk.page, /年度结转 \d+/).waitFor();
    await clerk.page.getByText('这是预览').waitFor();
    const closing = clerk.page.url().split('/').at(-1)!;
    const first = row(clerk.page, '年末在保且已过等待期').first();
    const [, years] = /(\d+) → (\d+)/.exec(await first.innerText())!.slice(1);
    const file = (await first.getByRole('link').innerText()).split(' ')[0]!;
    await clerk.page.getByRole('button', { name: /审\s?批/ }).click();
    // who closed it may take it back and nothing else
    await clerk.page
      .getByRole('dialog')
      .getByRole('button', { name: /撤\s?回/ })
      .waitFor();
    assert.equal(
      await clerk.page.getByRole('dialog').getByRole('button', { name: '启用年度结转' }).count(),
      0,
    );
    assert.deepEqual(clerk.complaints, []);
    await clerk.close();
    const reviewer = await signIn('reviewer');
    await open(reviewer.page, '/approvals?kind=closing_of_year&state=prepared', '审批事项');
    await row(reviewer.page, `结转 · ${closing}`).click();
    await reviewer.page.getByRole('dialog').getByRole('button', { name: '启用年度结转' }).click();
    await reviewer.page.getByRole('dialog').getByText('已批准').first().waitFor();
    await open(reviewer.page, '/continuity', '年度结转');
    await row(reviewer.page, '已启用').getByText('reviewer').waitFor();
    await open(reviewer.page, `/persons/${file}?tab=continuity`, `参保人档案 ${file}`);
    const of2026 = reviewer.page.locator('tbody tr.ant-table-row').filter({ hasText: /^2026/ });
    assert.match(await of2026.first().innerText(), new RegExp(`^2026\\s+${years}\\b`));
    await reviewer.page.getByRole('button', { name: '条款' }).click();
    await reviewer.page.getByRole('dialog').getByText('catastrophic.incentive_per_year').waitFor();
    await reviewer.page.keyboard.press('Escape');
    await reviewer.page.getByRole('button', { name: '另行认定' }).click();
    const state = reviewer.page.getByRole('dialog').last();
    await state.getByLabel('适用年度').fill('2026');
    await state.getByLabel('零报销（年）').fill('7');
    await state.getByLabel('依据').fill('转入地出具的证明');
    await state.getByRole('button', { name: /认\s?定$/ }).click();
    await row(reviewer.page, '转入地出具的证明').getByText('另行认定').waitFor();
    await of2026.filter({ hasText: '21,000.00' }).waitFor();
    assert.deepEqual(reviewer.complaints, []);
    await reviewer.close();
  });

  test('one proposes that two files are one person, another sees them side by side and approves', async () => {
    const clerk = await signIn('clerk');
    await open(clerk.page, '/persons/9', '参保人档案 9');
    await clerk.page.getByRole('button', { name: '与另一份档案对照' }).click();
    await heading(clerk.page, '对照两份档案').waitFor();
    const into = clerk.page.getByRole('searchbox', { name: '保留的档案' });
    await into.fill('8');
    await into.press('Enter');
    await clerk.page.getByRole('radio', { name: /^8 / }).click();
    await clerk.page.getByText(/个字段不同/).waitFor();
    await clerk.page.getByText('合并时转移').waitFor();
    await clerk.page.getByRole('button', { name: '提出合并' }).click();
    // a reason is needed, and says so at its field
    await clerk.page.locator('.ant-form-item-explain-error').waitFor();
    await clerk.page.getByLabel(/为何是同一人/).fill('窗口核实为同一人');
    await clerk.page.getByRole('button', { name: '提出合并' }).click();
    await heading(clerk.page, '档案合并').waitFor();
    await clerk.page
      .getByRole('dialog')
      .getByText('您现在没有可办理的步骤', { exact: false })
      .or(clerk.page.getByRole('dialog').getByRole('button', { name: /撤\s?回/ }))
      .waitFor();
    assert.deepEqual(clerk.complaints, []);
    await clerk.close();

    const reviewer = await signIn('reviewer', { dark: true });
    await open(reviewer.page, '/person-merges', '档案合并');
    await row(reviewer.page, '档案 · 8 · 9').click();
    const drawer = reviewer.page.getByRole('dialog');
    await drawer.getByText('窗口核实为同一人').waitFor();
    await drawer.getByText(/个字段不同/).waitFor();
    await drawer.getByRole('button', { name: '不予合并' }).waitFor();
    assert.ok(await drawer.getByRole('button', { name: '不予合并' }).isDisabled());
    assert.deepEqual(await seriousFaults(reviewer.page), []);
    await drawer.getByRole('button', { name: '批准合并' }).click();
    await drawer.getByText('已批准').first().waitFor();
    await reviewer.page.keyboard.press('Escape');
    await row(reviewer.page, '窗口核实为同一人').getByText('clerk').waitFor();
    // the number that went on resolving
    await open(reviewer.page, '/persons/9', /参保人档案/);
    await reviewer.page.getByRole('cell', { name: '1', exact: true }).first().waitFor();
    assert.deepEqual(reviewer.complaints, []);
    await reviewer.close();
  });

  test('a retirement is counted before it can be submitted; deemed months are submitted and stand in the file', async () => {
    const { page, close } = await signIn('clerk');
    await open(page, '/persons/2?tab=decisions', '参保人档案 2');
    await page.getByRole('button', { name: /^退\s?休$/ }).click();
    const form = page.getByRole('dialog');
    const tryOut = form.getByRole('button', { name: /试\s?算/ });
    await form.getByLabel('退休日期').fill('2026-01-01');
    await form.getByLabel('补缴工资基数（元/月）').fill('7000');
    await form.getByLabel('证明材料').fill('退休审批表');
    await tryOut.click();
    await form.getByText('年限不足', { exact: false }).waitFor();
    await form.getByText('还差年限（年）').waitFor();
    // a payment that is not what is due stays short of it
    await form.getByLabel('已补缴（元，没有则空）').fill('1.00');
    await form.getByLabel('补缴票据').fill('P-1');
    await form.getByLabel('补缴日期').fill('2025-12-20');
    await tryOut.click();
    await form.getByText('年限不足', { exact: false }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '视同年限' }).click();
    await form.getByLabel('起月（年月）').fill('199801');
    await form.getByLabel('止月（年月）').fill('199712');
    await form.getByLabel('证明材料').fill('个人档案第 3 页');
    await tryOut.click();
    // refused at its field
    await form.getByText('止月不早于起月').waitFor();
    await form.getByLabel('止月（年月）').fill('199912');
    await tryOut.click();
    await form.getByText('其中没有缴费的月数').waitFor();
    await form.getByRole('button', { name: '提交审批' }).click();
    await row(page, '视同缴费年限').getByText('已提交').waitFor();
    await close();
  });

  test('a person on a telephone lets a child use the account, and takes it back', async () => {
    const { store } = service.services;
    const { rows } = await sql<{ name: string; certno: string }>`SELECT p.name, c.certno FROM person AS p
      JOIN person_certificate AS c ON c.psn_no = p.psn_no WHERE p.psn_no = '990100900002'`.execute(store);
    const { page, close } = await signIn('person', { width: 390 });
    await heading(page, '我的医保').waitFor();
    await page.getByRole('button', { name: '绑定家庭共济' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('家庭成员姓名').fill(rows[0]!.name);
    await form.getByLabel('家庭成员证件号码').fill('110101199001011234');
    await form.getByLabel('开始（今天或以后）').fill(Temporal.Now.plainDateISO('Asia/Shanghai').toString());
    const send = form.getByRole('button', { name: /^绑\s?定$/ });
    await send.click();
    await form
      .locator('.ant-form-item', { hasText: '证件号码' })
      .getByText(/都相符/)
      .waitFor();
    assert.deepEqual(await seriousFaults(page), []);
    await form.getByLabel('家庭成员证件号码').fill(rows[0]!.certno);
    await send.click();
    await page.getByText(/您的账户可供 .\*+ 使用/).waitFor();
    await page.getByRole('button', { name: /解\s?除/ }).click();
    await form.getByLabel('最后一天').fill('2020-01-01');
    await form.getByLabel('理由').fill('不再需要');
    await form.getByRole('button', { name: /解\s?除/ }).click();
    await page.getByText(/起至 20/).waitFor();
    assert.ok(Number(await page.evaluate('document.documentElement.scrollWidth')) <= 390);
    await close();
  });

  test('a clerk files an assessment of disability: level and form of care are asked for this kind only', async () => {
    const { page, complaints, close } = await signIn('clerk');
    await open(page, '/filings', '备案');
    await page.getByRole('button', { name: '登记备案' }).click();
    const form = page.getByRole('dialog');
    const choose = async (label: string, option: string) => {
      await form.getByLabel(label).click();
      await page.locator('.ant-select-item-option', { hasText: option }).last().click();
    };
    await form.getByLabel('机构代码（可空）').waitFor();
    assert.equal(await form.getByLabel('评估等级').count(), 0);
    await form.getByLabel('档案号').fill('4');
    await choose('备案', '失能评估');
    await form.getByLabel('评估等级').waitFor();
    assert.equal(await form.getByLabel('机构代码（可空）').count(), 0);
    assert.equal(await form.getByLabel('病种编码').count(), 0);
    // what has to be said is asked for at its field
    await form.getByLabel('开始').fill('2026-02-01');
    await form.getByRole('button', { name: /登\s?记/ }).click();
    await form
      .locator('.ant-form-item', { hasText: '评估等级' })
      .locator('.ant-form-item-explain-error')
      .waitFor();
    await choose('评估等级', '重度失能Ⅱ级');
    await choose('护理方式', '机构上门');
    assert.equal(await form.getByLabel('谁来护理').count(), 0);
    await choose('护理方式', '居家');
    await choose('谁来护理', '家属护理');
    assert.deepEqual(await seriousFaults(page), []);
    await form.getByRole('button', { name: /登\s?记/ }).click();
    await row(page, '重度失能Ⅱ级 · 居家 · 家属护理').waitFor();
    const { rows } = await sql<
      Record<string, string>
    >`SELECT kind, biz_appy_type, longterm_eval_lv, nurscare_way, rels_nurscare_flag FROM filing
      WHERE kind = 'long-term-care'`.execute(service.services.store);
    assert.deepEqual(
      rows.map((filed) => Object.values(filed)),
      [['long-term-care', '99', '05', '03', '1']],
    );
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
          '/persons/1?tab=sharing',
          '/person-merges',
          '/filings',
          '/reimbursements',
          '/fund',
          '/items',
          '/early-warnings?year=2025',
          '/reconciliations',
          '/reconciliations/1?kind=amount-differs',
          '/payables',
          '/payables/1?state=refused',
          '/transfers',
          '/continuity',
          '/continuity/1',
          '/service-requests',
        ],
      ],
      [
        'clerk',
        'en',
        true,
        [
          '/persons/1?tab=accumulators',
          '/persons/1?tab=decisions',
          '/person-merges/new?from=11&into=7',
          '/review-queue',
          '/work-lists',
          '/persons/3?tab=continuity',
          '/reconciliations/1?difference=1',
          '/payables/1',
          '/transfers?transfer=3',
          '/continuity/2',
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
