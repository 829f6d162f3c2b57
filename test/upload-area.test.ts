import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { csrfTokenOf } from '#identity/index.ts';
import { writeZip } from '#report/workbook/zip.ts';
import { randomArea } from './support/random-area.ts';
import { addUser, ask, jobEnd, sessionToken, startService } from './support/service.ts';
import { writeArea } from './support/write-area.ts';

describe('an area that is uploaded', () => {
  const temporary = mkdtempSync(join(tmpdir(), 'yibao-upload-'));
  const area = writeArea(randomArea(5, 'plain'), 2);
  const names = readdirSync(area, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(area, name)).isFile())
    .map((name) => name.replaceAll('\\', '/'));
  const text = (name: string) => readFileSync(join(area, name), 'utf8');
  let service: Awaited<ReturnType<typeof startService>>;
  let address: string;
  let headers: Record<string, string>;
  before(async () => {
    service = await startService();
    const clerk = await addUser(service, 'clerk');
    const token = await sessionToken(service, clerk);
    headers = { cookie: `yibao_session=${token}`, 'x-csrf-token': csrfTokenOf(token) };
    address = await service.server.listen({ host: '127.0.0.1', port: 0 });
  });
  after(async () => {
    await service.close();
    for (const folder of [area, temporary]) rmSync(folder, { recursive: true, force: true });
  });
  const inbox = () => readdirSync(join(service.dataFolder, 'inbox'));
  const upload = async (query: string, files: readonly (readonly [string, string | Buffer])[]) => {
    const body = new FormData();
    for (const [name, content] of files) body.append('files', new Blob([content as string]), name);
    const answer = await fetch(`${address}/api/areas/upload?${query}`, { method: 'POST', headers, body });
    return { status: answer.status, body: (await answer.json()) as { jobId: number; code: string } };
  };
  const packed = async (entries: readonly { name: string; content: string[] }[]) => {
    const file = join(temporary, 'area.zip');
    await writeZip(file, entries);
    return readFileSync(file);
  };

  test('file by file becomes the area, and its year is settled at once', async () => {
    const files = names.map((name) => [`我的地区/${name}`, text(name)] as const);
    const { status, body } = await upload('areaId=files&settleYear=2025', files);
    assert.equal(status, 202, JSON.stringify(body));
    assert.equal((await jobEnd(service, body.jobId)).state, 'done');
    for (const name of names) {
      assert.equal(readFileSync(join(service.dataFolder, 'areas', 'files', name), 'utf8'), text(name));
    }
    assert.equal((await jobEnd(service, body.jobId + 1)).state, 'done');
    const runs = await ask(service, 'clerk', { url: '/api/runs' });
    assert.equal(runs.json().rows[0].state, 'done');
    assert.deepEqual(inbox(), []);
  });

  test('as a zip is the same area', async () => {
    const zip = await packed(names.map((name) => ({ name: `area/${name}`, content: [text(name)] })));
    const { status, body } = await upload('areaId=zip', [['area.zip', zip]]);
    assert.equal(status, 202);
    assert.equal((await jobEnd(service, body.jobId)).state, 'done');
    for (const name of names) {
      assert.equal(readFileSync(join(service.dataFolder, 'areas', 'zip', name), 'utf8'), text(name));
    }
  });

  const wrong: Readonly<Record<string, () => Promise<readonly (readonly [string, string | Buffer])[]>>> = {
    'workflow.upload-empty': async () => [],
    'workflow.upload-damaged': async () => [['area.zip', 'no zip']],
    'workflow.upload-name': async () => [
      ['area.zip', await packed([{ name: '../../outside.csv', content: ['x'] }])],
    ],
  };
  for (const [code, files] of Object.entries(wrong)) {
    test(`is refused with ${code}, and nothing of it is kept`, async () => {
      const { status, body } = await upload('areaId=wrong', await files());
      assert.ok(status >= 400 && status < 500, String(status));
      assert.equal(body.code, code);
      assert.deepEqual(inbox(), []);
      assert.ok(!existsSync(join(service.dataFolder, 'outside.csv')));
      assert.ok(!existsSync(join(service.dataFolder, 'areas', 'wrong')));
    });
  }
});
