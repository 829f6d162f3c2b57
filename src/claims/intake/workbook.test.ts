import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { Workbook } from '#kernel/workbook.ts';
import { ZipFault, ZipFile } from '#kernel/zip.ts';
import { withFolder } from './intake.fixtures.ts';

/** A zip file of stored (uncompressed) parts. */
function zipOf(parts: Readonly<Record<string, string>>): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(parts)) {
    const content = Buffer.from(text);
    const header = Buffer.alloc(26);
    header.writeUInt32LE(crc32(content), 10);
    header.writeUInt32LE(content.length, 14);
    header.writeUInt32LE(content.length, 18);
    header.writeUInt16LE(Buffer.byteLength(name), 22);
    const file = Buffer.concat([Buffer.from('504b0304', 'hex'), header, Buffer.from(name), content]);
    const central = Buffer.alloc(46);
    central.write('504b0102', 'hex');
    header.copy(central, 6);
    central.writeUInt32LE(at, 42);
    files.push(file);
    directory.push(central, Buffer.from(name));
    at += file.length;
  }
  const directoryBytes = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.write('504b0506', 'hex');
  end.writeUInt32LE(directoryBytes, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, ...directory, end]);
}

const relationship = (id: string, type: string, target: string) =>
  `<Relationship Id="${id}" Type="http://x/${type}" Target="${target}"/>`;

const workbookParts = (properties: string, sheet: string): Record<string, string> => ({
  '_rels/.rels': `<Relationships>${relationship('a', 'officeDocument', 'xl/book.xml')}</Relationships>`,
  'xl/_rels/book.xml.rels': [
    '<Relationships>',
    relationship('r9', 'chartsheet', 'charts/1.xml'),
    relationship('r1', 'worksheet', '/xl/s/one.xml'),
    relationship('r2', 'sharedStrings', 'strings.xml'),
    relationship('r3', 'styles', './styles.xml'),
    '</Relationships>',
  ].join(''),
  'xl/book.xml': `<x:workbook><x:workbookPr ${properties}/><x:sheets><x:sheet name="图" r:id="r9"/><x:sheet name="A&amp;B" sheetId="3" r:id='r1'/></x:sheets></x:workbook>`,
  'xl/strings.xml':
    '<sst><si><t xml:space="preserve"> 007 </t></si><si><r><t>张</t></r><r><t>三</t></r><rPh sb="0"><t>zhang</t></rPh></si><si/><si><t>a_x000A_&lt;&#20013;</t></si></sst>',
  'xl/styles.xml':
    '<styleSheet><numFmts><numFmt numFmtId="165" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="166" formatCode="[Red]0.00&quot;days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14" xfId="0"/><xf numFmtId="165"><alignment/></xf><xf numFmtId="166"/><xf numFmtId="31"/></cellXfs></styleSheet>',
  'xl/s/one.xml': sheet,
});

async function readWorkbook(path: string, content: Buffer) {
  writeFileSync(path, content);
  const workbook = await Workbook.open(await ZipFile.open(path, content.length));
  const rows = [];
  for await (const batch of workbook.rows(workbook.sheets[0]!.part)) rows.push(...batch);
  return { sheets: workbook.sheets, rows };
}

test('cells of every kind come as text, where their references say', () =>
  withFolder(async (folder) => {
    const sheet = `<?xml version="1.0"?><x:worksheet><x:sheetViews/><x:sheetData>
      <x:row r="2" spans="1:3"><x:c r="A2" t="s"><x:v>0</x:v></x:c><x:c r="C2" t="s"><x:v>1</x:v></x:c><x:c r="AB2" s="1"/></x:row>
      <x:row r="3"/>
      <x:row r="7"><x:c t="s"><x:v>2</x:v></x:c><x:c t="s"><x:v>3</x:v></x:c><x:c t="str"><x:f>A1&amp;"x"</x:f><x:v>0x</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c><x:c t="b"><x:v>1</x:v></x:c></x:row>
      <x:row><x:c s="1"><x:v>45719</x:v></x:c><x:c s="2"><x:v>45719.5</x:v></x:c><x:c s="3"><x:v>1.1000000000000001</x:v></x:c><x:c s="4"><x:v>45719.999988426</x:v></x:c><x:c t="inlineStr"><x:is><x:t> 007</x:t></x:is></x:c></x:row>
      </x:sheetData><x:pageMargins/></x:worksheet>`;
    const { sheets, rows } = await readWorkbook(join(folder.path, 'a.xlsx'), zipOf(workbookParts('', sheet)));
    assert.deepEqual(sheets, [{ name: 'A&B', part: 'xl/s/one.xml' }]);
    const plain = rows.map(({ number, cells }) => [number, ...Array.from(cells, (cell) => cell ?? null)]);
    assert.deepEqual(plain, [
      [2, '007', null, '张三'],
      [3],
      [7, '', 'a\n<中', '0x', '#N/A', 'true'],
      [8, '2025-03-03', '2025-03-03T12:00:00', '1.1', '2025-03-03T23:59:59', '007'],
    ]);
  }));

test('dates of a workbook that counts from 1904 are four years later', () =>
  withFolder(async (folder) => {
    const sheet = '<worksheet><sheetData><row><c s="1"><v>44257</v></c></row></sheetData></worksheet>';
    const { rows } = await readWorkbook(
      join(folder.path, 'a.xlsx'),
      zipOf(workbookParts('date1904="1"', sheet)),
    );
    assert.deepEqual(rows[0]?.cells, ['2025-03-03']);
  }));

test('a part that is not what its checksum says, or breaks off, is a fault', () =>
  withFolder(async (folder) => {
    const sheet = '<worksheet><sheetData><row><c><v>44257</v></c></row></sheetData></worksheet>';
    const path = join(folder.path, 'a.xlsx');
    const whole = zipOf(workbookParts('', sheet));
    const damaged = Buffer.from(whole);
    damaged.write('44258', damaged.indexOf('44257'));
    await assert.rejects(readWorkbook(path, damaged), ZipFault);
    await assert.rejects(readWorkbook(path, whole.subarray(0, whole.length - 1)), ZipFault);
    await assert.rejects(readWorkbook(path, zipOf(workbookParts('', sheet.slice(0, -30)))), ZipFault);
    await assert.rejects(readWorkbook(path, zipOf({ 'a.txt': 'a' })), ZipFault);
  }));
