import { resolve } from 'node:path';
import { loadDemo, openService } from '#api/index.ts';
import type { ServeCommandOptions } from '#cli/serve.ts';
import { readVersion } from '#cli/version.ts';
import type { Language } from '#kernel/locale.ts';

/** Runs the service until it is told to stop. */
export async function runServe(options: ServeCommandOptions, language: Language): Promise<void> {
  const zh = language === 'zh';
  const dataFolder = resolve(options.data ?? process.env.YIBAO_DATA ?? 'yibao-data');
  const service = await openService({
    dataFolder,
    databaseUrl: process.env.DATABASE_URL,
    version: readVersion(),
    trustProxy: options.trustProxy,
    ...(process.env.YIBAO_LOG === 'off' ? {} : { log: process.stderr }),
  });
  try {
    if (options.demo) await loadDemo(service);
    const address = await service.server.listen({ host: options.host, port: options.port });
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
    process.stdout.write(`${lines.join('\n')}\n`);
    await stopSignal();
  } finally {
    await service.close();
  }
}

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
