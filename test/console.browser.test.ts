import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { makeUser, type Role } from '#identity/index.ts';
import { launchBrowser, PATIENCE_MS, prepareConsole, skipBrowser } from './support/browser.ts';
import { addUser, ask, startService } from './support/service.ts';

const HOSPITAL = 'H99010100001';
const OTHER_HOSPITAL = 'H99010100002';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Person = { readonly login: string; readonly password: string };

describe('the console in a browser', { skip: skipBrowser }, () => {
  let service: Awaited<ReturnType<typeof startService>>;
  let browser: Browser;
  let address: string;
  const people = new Map<string, Person>();

  before(async () => {
    await prepareConsole();
    service = await startService();
    address = await service.server.listen({ host: '127.0.0.1', port: 0 });
    for (const [role, institution] of [
      ['clerk'],
      ['reviewer'],
      ['head'],
      ['bureau'],
      ['administrator'],
      ['hospital', HOSPITAL],
      ['expert'],
    ] as [Role, string?][]) {
      const { store } = service.services;
      const login = `the-${role}`;
      const password = await makeUser(store, {
        login,
        displayName: login,
        role,
        institutionCode: institution ?? null,
      });
      await store
        .updateTable('user_account')
        .set({ must_change_password: false })
        .where('login', '=', login)
        .execute();
      people.set(role, { login, password });
    }
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await service?.close();
  });

  const sessions = new Map<string, Awaited<ReturnType<BrowserContext['cookies']>>>();

  /** Signs in through the page, the first time of a role; what the browser complains about fails the test that asks for `complaints`. */
  async function signIn(role: string, options: { locale?: string; dark?: boolean } = {}) {
    const person = people.get(role)!;
    const context: BrowserContext = await browser.newContext({
      locale: options.locale ?? 'zh-CN',
      reducedMotion: 'reduce',
      colorScheme: options.dark ? 'dark' : 'light',
      viewport: { width: 1440, height: 900 },
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
      await page.getByLabel(/用户名|User name/).fill(person.login);
      await page.getByLabel(/^(密码|Password)$/).fill(person.password);
      await page.getByRole('button', { name: /登\s?录|Sign in/ }).click();
    }
    await page.getByRole('link', { name: 'OpenYibao' }).waitFor();
    sessions.set(role, await context.cookies());
    return { page, complaints, close: () => context.close() };
  }

  const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });

  test('first start to a settled year: the clerk invents the demo area, settles it and sees the overview', async () => {
    const { page, complaints, close } = await signIn('clerk');
    await page.getByRole('menuitem', { name: '导入与结算' }).click();
    await page.getByRole('button', { name: '导入地区' }).click();
    await page.getByLabel('清单数（含历史）').fill('12000');
    await page.getByRole('button', { name: /开\s?始/ }).click();
    await page.getByRole('status').getByText('完成').waitFor();
    await page.getByRole('button', { name: '结算一个年度' }).click();
    await page.getByRole('dialog').getByLabel('地区').click();
    await page.locator('.ant-select-item-option').first().click();
    await page
      .getByRole('button', { name: /开\s?始/ })
      .last()
      .click();
    await page.getByRole('status').getByText('年度结算').waitFor();
    await page.getByRole('status').getByText('完成').waitFor();
    await page.getByRole('menuitem', { name: '总览' }).click();
    await heading(page, /2025 年度总览/).waitFor();
    await page.getByText('各月点值（观察值）').waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test('a figure opens the rows behind it, a case its chain, and a rule its article', async () => {
    const { page, complaints, close } = await signIn('clerk');
    await heading(page, /年度总览/).waitFor();
    await page
      .getByRole('row', { name: /核心病种/ })
      .getByRole('link')
      .last()
      .click();
    await heading(page, '病例').waitFor();
    const rows = page.locator('tbody tr.ant-table-row');
    await rows.first().waitFor();
    for (const row of await rows.allTextContents()) assert.match(row, /核心病种/);
    await rows.first().click();
    await page.getByText('应得基金').waitFor();
    await page
      .locator('.ant-card', { hasText: '费用偏差与病例分值' })
      .getByRole('button', { name: '条款' })
      .click();
    await page.getByRole('dialog').getByText('OpenYibao 参考方案').first().waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test('a month goes through four eyes: the preparer cannot check, others check, approve and publish', async () => {
    const clerk = await signIn('clerk');
    await clerk.page.getByRole('menuitem', { name: '结算与清算' }).click();
    const january = (page: Page) => page.getByRole('row', { name: /2025-01/ });
    await january(clerk.page)
      .getByRole('button', { name: /提\s?交/ })
      .click();
    await clerk.page.getByRole('dialog').getByText('已提交').first().waitFor();
    await clerk.page.getByRole('dialog').getByText('没有可办理的步骤').waitFor();
    await clerk.close();
    for (const [role, action, state] of [
      ['reviewer', '复核通过', '已复核'],
      ['head', /批\s?准/, '已批准'],
      ['clerk', /公\s?布/, '已公布'],
    ] as const) {
      const person = await signIn(role);
      await person.page.getByRole('menuitem', { name: '结算与清算' }).click();
      await january(person.page)
        .getByRole('button', { name: /办\s?理/ })
        .click();
      await person.page.getByRole('dialog').getByRole('button', { name: action }).click();
      await person.page.keyboard.press('Escape');
      await january(person.page).getByText(state).waitFor();
      assert.deepEqual(person.complaints, []);
      await person.close();
    }
  });

  test('a hospital appeals a case of its own; the agency answers and a second person confirms', async () => {
    const hospital = await signIn('hospital');
    await hospital.page.getByRole('menuitem', { name: '病例' }).click();
    // the page before has a table, too
    await heading(hospital.page, '病例').waitFor();
    const rows = hospital.page.locator('tbody tr.ant-table-row');
    await rows.first().waitFor();
    for (const row of await rows.allTextContents()) assert.match(row, new RegExp(HOSPITAL));
    await rows.first().click();
    await hospital.page.getByRole('button', { name: /申\s?诉/ }).click();
    await hospital.page.getByLabel('理由').fill('费用录入有误，附病程记录');
    await hospital.page.getByRole('button', { name: /提\s?交/ }).click();
    await hospital.page.getByText('已申诉').first().waitFor();
    await hospital.close();
    for (const [role, action, state] of [
      ['clerk', /答\s?复/, '已答复'],
      ['reviewer', '确认答复', '已办结'],
    ] as const) {
      const person = await signIn(role);
      await person.page.getByRole('menuitem', { name: '审批事项' }).click();
      await person.page.getByRole('row', { name: /申诉/ }).first().click();
      await person.page.getByRole('dialog').getByLabel('意见或理由').fill('已核对，维持原结果');
      await person.page.getByRole('dialog').getByRole('button', { name: action }).click();
      await person.page.keyboard.press('Escape');
      await person.page.getByRole('row', { name: /申诉/ }).first().getByText(state).waitFor();
      await person.close();
    }
  });

  test('a hospital applies for a special case on screen, and the expert who is assigned judges it', async () => {
    const hospital = await signIn('hospital');
    await hospital.page.getByRole('menuitem', { name: '病例' }).click();
    await heading(hospital.page, '病例').waitFor();
    await hospital.page.locator('tbody tr.ant-table-row').nth(1).click();
    await hospital.page.getByRole('button', { name: '申请特病单议' }).click();
    const window = hospital.page.getByRole('dialog');
    await window.getByRole('button', { name: /提\s?交/ }).click();
    await window.getByText('请写明理由').waitFor();
    await window.getByLabel('理由').fill('多学科联合诊疗，费用过高');
    await window.getByRole('button', { name: /提\s?交/ }).click();
    await hospital.page.getByText('已申请').first().waitFor();
    const open = new URL(hospital.page.url()).searchParams.get('open')!;
    assert.deepEqual(hospital.complaints, []);
    await hospital.close();
    const others = [await addUser(service, 'expert', 'H901'), await addUser(service, 'expert', 'H902')];
    const assigned = await ask(service, 'the-clerk', {
      method: 'POST',
      url: `/api/approvals/${open}/steps`,
      body: { action: 'assign', content: { experts: ['the-expert', ...others] } },
    });
    assert.equal(assigned.statusCode, 200, assigned.body);
    const expert = await signIn('expert');
    await expert.page.goto(`${address}/special-cases?open=${open}`);
    await expert.page.getByRole('button', { name: '写我的意见' }).click();
    const opinion = expert.page.getByRole('dialog', { name: '我的意见' });
    await opinion.getByLabel('表决').click();
    await expert.page.locator('.ant-select-item-option', { hasText: '不同意' }).click();
    await opinion.getByLabel('理由').fill('费用与病情相当');
    await opinion.getByRole('button', { name: '提交意见' }).click();
    await opinion.waitFor({ state: 'detached' });
    await expert.page.getByText('费用与病情相当').first().waitFor();
    assert.deepEqual(expert.complaints, []);
    await expert.close();
  });

  test('a policy draft is changed on screen, its effect seen, and published by three people', async () => {
    const clerk = await signIn('clerk');
    await clerk.page.getByRole('menuitem', { name: '政策草案' }).click();
    await clerk.page.getByRole('button', { name: /起\s?草/ }).click();
    const ratio = clerk.page.getByRole('spinbutton', { name: '高倍率界限' });
    await ratio.fill('2.5');
    await ratio.press('Tab');
    const outcome = clerk.page.getByText('各机构清算结果比现行');
    await outcome.waitFor();
    const highs = clerk.page.getByRole('row', { name: /^高倍率病例/ });
    const [before, after] = (await highs.getByRole('cell').allTextContents())
      .slice(1)
      .map((text) => Number(text.replaceAll(',', '')));
    assert.ok(after! < before!, `${after} < ${before}`);
    await clerk.page.getByLabel('文件名称').fill('关于调整高倍率界限的通知');
    await clerk.page.getByLabel('条款').fill('第一条');
    await clerk.page.getByRole('button', { name: '提交审核' }).click();
    const drawer = clerk.page.getByRole('dialog');
    await drawer.getByText('已提交').first().waitFor();
    await drawer.getByText('deviation.high_ratio').waitFor();
    assert.deepEqual(clerk.complaints, []);
    await clerk.close();
    for (const [role, action, state] of [
      ['reviewer', '复核通过', '已复核'],
      ['head', '公布生效', '已公布'],
    ] as const) {
      const person = await signIn(role);
      await person.page.getByRole('menuitem', { name: '政策草案' }).click();
      await heading(person.page, '政策草案').waitFor();
      await person.page.locator('tbody tr.ant-table-row').first().waitFor();
      await person.page.waitForLoadState('networkidle');
      const button = person.page.getByRole('dialog').getByRole('button', { name: action });
      // a list that is read again while it is clicked draws its rows anew
      for (let tries = 0; tries < 4 && !(await button.isVisible()); tries++) {
        await person.page.locator('tbody tr.ant-table-row').first().click();
        await button.waitFor({ timeout: 10_000 }).catch(() => undefined);
      }
      await button.click();
      await person.page.keyboard.press('Escape');
      await person.page.locator('tbody tr.ant-table-row').first().getByText(state).waitFor();
      assert.deepEqual(person.complaints, []);
      await person.close();
    }
  });

  test('a draft that was sent back is corrected on its page and submitted again', async () => {
    const draft = async (page: Page, value: string, button: string) => {
      const ratio = page.getByRole('spinbutton', { name: '高倍率界限' });
      await ratio.fill(value);
      await ratio.press('Tab');
      await page.getByRole('button', { name: button }).click();
      const drawer = page.getByRole('dialog');
      await drawer.getByText('已提交').first().waitFor();
      await drawer.getByRole('cell', { name: value, exact: true }).waitFor();
    };
    const clerk = await signIn('clerk');
    await clerk.page.goto(`${address}/policy/drafts/new`);
    await clerk.page.getByLabel('文件名称').fill('关于高倍率界限的通知');
    await clerk.page.getByLabel('条款').fill('第二条');
    await draft(clerk.page, '2.7', '提交审核');
    const open = new URL(clerk.page.url()).searchParams.get('open')!;
    const reviewer = await signIn('reviewer');
    await reviewer.page.goto(`${address}/policy/drafts?open=${open}`);
    await reviewer.page.getByRole('dialog').getByLabel('意见或理由').fill('界限过宽');
    await reviewer.page.getByRole('dialog').getByRole('button', { name: '退回修改' }).click();
    await reviewer.page.getByRole('dialog').getByText('已退回').first().waitFor();
    await reviewer.close();
    await clerk.page.goto(`${address}/policy/drafts?open=${open}`);
    await clerk.page.getByRole('link', { name: '更正草案后再提交' }).click();
    await heading(clerk.page, '更正政策草案').waitFor();
    await clerk.page.getByText('the-reviewer 退回：界限过宽').waitFor();
    assert.equal(await clerk.page.getByLabel('文件名称').inputValue(), '关于高倍率界限的通知');
    assert.equal(await clerk.page.getByRole('spinbutton', { name: '高倍率界限' }).inputValue(), '2.7');
    await draft(clerk.page, '2.3', '提交审核');
    assert.deepEqual(clerk.complaints, []);
    await clerk.close();
  });

  test('a user of one hospital gets nothing of another by any address', async () => {
    const { page, close } = await signIn('hospital');
    const clerk = await signIn('clerk');
    const runId = await clerk.page.evaluate(
      async () =>
        ((await (await fetch('/api/years')).json()) as { rows: { runId: number }[] }).rows[0]!.runId,
    );
    const other = await clerk.page.evaluate(
      async ([run, code]) =>
        (
          (await (await fetch(`/api/runs/${run}/cases?fixmedins_code=${code}&size=1`)).json()) as {
            rows: { setl_id: string; group_code: string }[];
          }
        ).rows[0]!,
      [runId, OTHER_HOSPITAL] as const,
    );
    await clerk.close();
    for (const path of [
      `/institutions/${OTHER_HOSPITAL}`,
      `/cases/${other.setl_id}`,
      `/cases?fixmedins_code=${OTHER_HOSPITAL}`,
      `/months?fixmedins_code=${OTHER_HOSPITAL}`,
      `/groups/${encodeURIComponent(other.group_code)}`,
      '/overview',
      '/users',
      '/audit',
      '/lists/refused',
    ]) {
      await page.goto(address + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      const text = (await page.locator('#main').innerText()).replaceAll(path, '');
      assert.ok(!text.includes(other.setl_id) || path.endsWith(other.setl_id), path);
      assert.doesNotMatch(text.replaceAll(`/${OTHER_HOSPITAL}`, ''), /云岭医学院附属医院/, path);
    }
    const answers = await page.evaluate(
      async ([run, code, id]) =>
        Promise.all(
          [
            `/api/runs/${run}/institutions/${code}`,
            `/api/runs/${run}/cases/${id}/explanation`,
            '/api/users',
            '/api/audit',
          ].map(async (path) => (await fetch(path)).status),
        ),
      [runId, OTHER_HOSPITAL, other.setl_id] as const,
    );
    for (const status of answers) assert.ok(status === 403 || status === 404, String(answers));
    await close();
  });

  test('no page has a serious accessibility fault, in either colour and language', async () => {
    for (const [role, options, paths] of [
      [
        'administrator',
        {},
        [
          '/overview',
          '/institutions',
          `/institutions/${HOSPITAL}`,
          '/groups',
          '/cases',
          '/months',
          '/jobs',
          '/users',
          '/audit',
        ],
      ],
      [
        'clerk',
        { dark: true, locale: 'en' },
        [
          '/overview',
          '/settlement',
          '/approvals',
          '/lists/refused',
          '/lists/uploaded',
          '/policy/parameters',
          '/policy/drafts',
          '/policy/drafts/new',
          '/special-cases',
          '/preview',
          `/simulation?s=${encodeURIComponent('["A",{"deviation.high_ratio":"2.5"}]')}`,
        ],
      ],
      ['hospital', {}, ['/my-institution', '/preview', '/special-cases', '/lists/uploaded']],
    ] as const) {
      const { page, complaints, close } = await signIn(role, options);
      for (const path of paths) {
        await page.goto(address + path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForLoadState('networkidle');
        await page.evaluate(AXE);
        const faults = await page.evaluate(async () => {
          const axe = (
            globalThis as unknown as {
              axe: {
                run: (
                  options: unknown,
                ) => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
              };
            }
          ).axe;
          const { violations } = await axe.run({ resultTypes: ['violations'] });
          return violations
            .filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .map(
              ({ id, nodes }) =>
                `${id}: ${nodes
                  .slice(0, 3)
                  .map(({ html }) => html.slice(0, 160))
                  .join(' | ')}`,
            );
        });
        assert.deepEqual(faults, [], `${path} ${JSON.stringify(options)}`);
      }
      assert.deepEqual(complaints, []);
      await close();
    }
  });
});
