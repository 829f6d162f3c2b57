import type { Command } from 'commander';
import { integerArgument } from '#cli/arguments.ts';
import type { Language } from '#kernel/locale.ts';

export type ServeCommandOptions = {
  readonly data?: string;
  readonly port: number;
  readonly host: string;
  readonly demo: boolean;
  readonly demoLists: number;
  readonly trustProxy: boolean;
};

export function addServeCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  program
    .command('serve')
    .description(
      zh
        ? '启动服务：网页与接口，数据在一个文件夹里，无需配置'
        : 'start the service: web pages and interfaces, with its data in one folder and no set-up',
    )
    .option(
      '--data <folder>',
      zh
        ? '数据文件夹（默认 YIBAO_DATA 或 ./yibao-data）'
        : 'data folder (default: YIBAO_DATA or ./yibao-data)',
    )
    .option(
      '--port <n>',
      zh ? '端口；0 为任意空闲端口' : 'port; 0 is any free one',
      integerArgument('--port', 0, 65_535),
      8080,
    )
    .option('--host <address>', zh ? '监听地址' : 'address to listen on', '127.0.0.1')
    .option(
      '--demo',
      zh
        ? '还没有地区时，生成演示地区并结算其年度，每个角色各建一个演示用户'
        : 'when there is no area yet: invent the demo area, settle its year, and make a demo user of every role',
      false,
    )
    .option(
      '--demo-lists <n>',
      zh ? '演示地区四年清单总数' : 'lists of all four years of the demo area',
      integerArgument('--demo-lists', 2_000, 10_000_000),
      600_000,
    )
    .option(
      '--trust-proxy',
      zh
        ? '在终止 TLS 的反向代理之后运行：采信其 X-Forwarded-* 头'
        : 'runs behind a proxy that ends TLS: believe its X-Forwarded-* headers',
      false,
    )
    .addHelpText(
      'after',
      zh
        ? `
环境变量:
  DATABASE_URL   PostgreSQL 15 或更新版本的地址；不设则用数据文件夹里的 PGlite
  YIBAO_OIDC_ISSUER, YIBAO_OIDC_CLIENT_ID, YIBAO_OIDC_CLIENT_SECRET
                 统一身份登录（OpenID Connect）；返回地址 <地址>/api/oidc/callback
  YIBAO_PUBLIC_URL  浏览器访问服务的地址，与请求所见不同时设置
  YIBAO_LOG      off 不写日志；默认 JSON 日志写到标准错误，标准错误是终端时写到数据文件夹的 service.log

首次启动建立用户 admin，并打印一次性密码。网页不存在或旧于源码时先行构建。按 Ctrl+C 停止：先完成正在处理的请求。`
        : `
Environment:
  DATABASE_URL   address of a PostgreSQL 15 or newer; without it PGlite in the data folder
  YIBAO_OIDC_ISSUER, YIBAO_OIDC_CLIENT_ID, YIBAO_OIDC_CLIENT_SECRET
                 login with OpenID Connect; it comes back to <address>/api/oidc/callback
  YIBAO_PUBLIC_URL  how browsers reach the service, where requests show another address
  YIBAO_LOG      off writes no log; default: JSON lines on stderr, or service.log of the data folder on a terminal

The first start makes the user admin and prints a one-time password. The console is built when it is missing or older
than its sources. Ctrl+C stops after the requests under way.`,
    )
    .action(async (options: ServeCommandOptions) => {
      const { runServe } = await import('#cli/run-serve.ts');
      await runServe(options, language);
    });
}
