#!/usr/bin/env node
// Starts the command line on the Node the project brings (devDependency `node`): the sources are TypeScript,
// which an older Node on the machine cannot run.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NODE_MAJOR_NEEDED = 26;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(root, 'src', 'cli', 'main.ts');

if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR_NEEDED) {
  // the sources are stripped of their types once, not at every start: a third of a second less
  module.enableCompileCache();
  await import(pathToFileURL(main).href);
} else {
  const own = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(own)) {
    process.stderr.write(
      `yibao 需要 Node.js ${NODE_MAJOR_NEEDED} 或更新版本（当前 ${process.versions.node}）：请先在项目目录运行 npm ci。\n` +
        `yibao needs Node.js ${NODE_MAJOR_NEEDED} or newer (this is ${process.versions.node}): run npm ci in the project first.\n`,
    );
    process.exit(5);
  }
  const child = spawn(own, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : code));
}
