import { createWriteStream, mkdirSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import {
  buildConsole,
  type Demo,
  demoEnd,
  isConsoleStale,
  loadDemo,
  openService,
  type Service,
} from '#api/index.ts';
import type { ServeCommandOptions } from '#cli/serve.ts';
import { errorText } from '#cli/show-error.ts';
import { readVersion } from '#cli/version.ts';
import { oidcOfEnvironment } from '#identity/index.ts';
import type { Language } from '#kernel/locale.ts';
import { createProgress } from '#kernel/progress.ts';

/** Runs the service until it is told to stop. */
export async function runServe(options: ServeCommandOptions, language: Language): Promise<void> {
  const zh = language === 'zh';
  const dataFolder = resolve(options.data ?? process.env.YIBAO_DATA ?? 'yibao-data');
  const log = logOf(dataFolder);
  const service = await openService({
    dataFolder,
    databaseUrl: process.env.DATABASE_URL,
    version: readVersion(),
    trustProxy: options.trustProxy,
    oidc: oidcOfEnvironment(process.env),
    publicAddress: process.env.YIBAO_PUBLIC_URL?.replace(/\/+$/, ''),
    ...(log ? { log } : {}),
  });
  try {
    const address = await service.server.listen({ host: options.host, port: options.port });
    const demo = options.demo
      ? await loadDemo(service, { lists: options.demoLists, language, isLocal: isLoopback(options.host) })
      : undefined;
    const lines = [
      zh ? `OpenYibao 已启动: ${address}` : `OpenYibao is running: ${address}`,
      zh ? `接口文档: ${address}/docs` : `Interface documentation: ${address}/docs`,
      zh ? `数据文件夹: ${dataFolder}` : `Data folder: ${dataFolder}`,
    ];
    if (service.oneTimePassword !== undefined) {
      lines.push(
        zh
          ? `首次登录: admin / ${service.oneTimePassword}（一次性密码，登录后须修改）`
          : `First login: admin / ${service.oneTimePassword} (one-time password, to be changed after the login)`,
      );
    }
    if (demo) lines.push(...demoLines(demo, zh));
    process.stdout.write(`${lines.join('\n')}\n`);
    let isStopping = false;
    prepare(service, demo, address, language).catch((error: unknown) => {
      // what it waits for ends with the service
      if (!isStopping) process.stderr.write(errorText(error, language));
    });
    await stopSignal();
    isStopping = true;
  } finally {
    await service.close();
  }
}

function demoLines({ logins, password, isPasswordKnown }: Demo, zh: boolean): string[] {
  const names = logins.join(zh ? '、' : ', ');
  if (!isPasswordKnown) {
    return [
      zh
        ? `演示用户: ${names}，密码都是 ${password}`
        : `Demo users: ${names}, all with the password ${password}`,
    ];
  }
  return zh
    ? [
        `演示用户: ${names}，密码都是 ${password}`,
        '（不安全：人人知道的密码，只供本机试用；正式使用请另起数据文件夹，不加 --demo）',
      ]
    : [
        `Demo users: ${names}, all with the password ${password}`,
        '(insecure: everybody knows it. Only to try things out on this computer; for real use take another data folder, without --demo)',
      ];
}

/** What may take a while, when the address answers already: building the console, settling the demo year. */
async function prepare(
  service: Service,
  demo: Demo | undefined,
  address: string,
  language: Language,
): Promise<void> {
  const zh = language === 'zh';
  const started = performance.now();
  const build = async () => {
    if (!isConsoleStale()) return;
    process.stdout.write(zh ? '正在构建网页……\n' : 'Building the console …\n');
    try {
      await buildConsole();
      process.stdout.write(zh ? '网页已构建\n' : 'The console is built\n');
    } catch (error) {
      process.stderr.write(errorText(error, language));
    }
  };
  const settle = async () => {
    if (demo === undefined) return undefined;
    const progress = createProgress();
    let stage = '';
    const job = await demoEnd(service, demo, ({ stage: now }, share) => {
      if (now === stage) progress.update(share);
      else progress.stage(now, share);
      stage = now;
    });
    progress.done();
    return job;
  };
  const [, job] = await Promise.all([build(), settle()]);
  if (job === undefined) return;
  const seconds = Math.round((performance.now() - started) / 1000);
  if (job.state === 'done') {
    process.stdout.write(
      zh
        ? `演示年度已结算，用时 ${seconds} 秒。打开 ${address}\n`
        : `The demo year is settled, after ${seconds} seconds. Open ${address}\n`,
    );
  } else {
    const reasons = (job.problems ?? []).map((problem) => problem[language]);
    process.stderr.write(
      `${[zh ? `演示年度未能结算（任务 ${job.id}，${job.state}）` : `The demo year was not settled (job ${job.id}, ${job.state})`, ...reasons].join('\n')}\n`,
    );
  }
}

/** JSON lines belong on stderr, but not between the lines a person reads on a terminal. */
function logOf(dataFolder: string): { write(line: string): unknown } | undefined {
  if (process.env.YIBAO_LOG === 'off') return undefined;
  if (!process.stderr.isTTY) return process.stderr;
  mkdirSync(dataFolder, { recursive: true });
  return createWriteStream(join(dataFolder, 'service.log'), { flags: 'a' });
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/** Until SIGTERM or SIGINT; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.removeAllListeners(signal);
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        done();
      });
    }
  });
}
