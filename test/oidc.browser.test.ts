import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openService, type Service } from '#api/index.ts';
import { launchBrowser, PATIENCE_MS, prepareConsole, skipBrowser } from './support/browser.ts';
import { OIDC_CLIENT, type OidcProvider, startOidcProvider } from './support/oidc-provider.ts';
import { addUser, ask } from './support/service.ts';

describe('login with a provider of OpenID Connect in a browser', { skip: skipBrowser }, () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'yibao-oidc-browser-'));
  let provider: OidcProvider;
  let service: Service;
  let browser: Browser;
  let address: string;
  before(async () => {
    await prepareConsole();
    provider = await startOidcProvider();
    service = await openService({
      dataFolder,
      version: 'test',
      oidc: { issuer: provider.issuer, ...OIDC_CLIENT },
    });
    await addUser(service, 'administrator');
    await addUser(service, 'reviewer');
    address = await service.server.listen({ host: '127.0.0.1', port: 0 });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await service?.close();
    await provider?.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  });

  async function signIn(subject: string): Promise<Page> {
    provider.subject = subject;
    const page = await (await browser.newContext({ locale: 'zh-CN', reducedMotion: 'reduce' })).newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(address);
    await page.getByText(provider.issuer).waitFor();
    await page.getByRole('link', { name: '用统一身份登录' }).click();
    return page;
  }

  test('says why a person whom nobody has linked is not let in', async () => {
    const page = await signIn('u-7');
    await page.getByRole('alert').getByText('这个统一身份没有绑定用户').waitFor();
    await page.getByLabel('用户名').waitFor();
    await page.context().close();
  });

  test('lets in whom an administrator has linked on the page of users', async () => {
    const url = '/api/users/administrator/oidc';
    const linked = await ask(service, 'administrator', { method: 'PUT', url, body: { subject: 'u-1' } });
    assert.equal(linked.statusCode, 200, linked.body);
    const administrator = await signIn('u-1');
    await administrator.getByRole('menuitem', { name: '用户' }).click();
    const row = administrator.getByRole('row', { name: /reviewer/ });
    await row.getByRole('button', { name: '统一身份' }).click();
    await administrator.getByRole('dialog').getByLabel('sub').fill('u-7');
    await administrator
      .getByRole('dialog')
      .getByRole('button', { name: /绑\s?定/ })
      .click();
    await row.locator('.ant-tag', { hasText: '统一身份' }).waitFor();
    await administrator.context().close();

    const reviewer = await signIn('u-7');
    await reviewer.getByRole('button', { name: 'reviewer' }).waitFor();
    assert.equal(new URL(reviewer.url()).search, '');
    await reviewer.context().close();
  });

  test('says so when the provider does not answer', async () => {
    const page = await (await browser.newContext({ locale: 'en', reducedMotion: 'reduce' })).newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${address}/?refused=identity.oidc-unavailable`);
    await page.getByRole('alert').getByText('the provider of the login does not answer').waitFor();
    await page.context().close();
  });
});
