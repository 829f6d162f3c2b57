import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type ErrorDefinition, YibaoError } from '#kernel/errors.ts';
import type { Language } from '#kernel/locale.ts';
import { cellText, type Statement } from './statement.ts';

export const statementErrors = {
  noFont: {
    code: 'statement.no-font',
    exit: 5,
    message: {
      zh: '这台服务器上没有找到中文字体，不能生成 PDF',
      en: 'no Chinese font was found on this server: a PDF cannot be made',
    },
    remedy: {
      zh: '安装一种，如 Debian：apt-get install fonts-noto-cjk；或用环境变量 YIBAO_FONT 指定字体文件；也可下载 XLSX',
      en: 'install one, on Debian: apt-get install fonts-noto-cjk; or name a font file in YIBAO_FONT; the XLSX works without',
    },
  },
} satisfies Record<string, ErrorDefinition>;

/** A font file; of a collection also the name of the font within it. */
type Font = { readonly file: string; readonly name?: string };

/** Where fonts lie on Debian, Fedora, macOS and Windows, the better readable on paper first. */
const FOLDERS = [
  '/usr/share/fonts',
  '/usr/local/share/fonts',
  join(homedir(), '.local/share/fonts'),
  join(homedir(), '.fonts'),
  '/System/Library/Fonts',
  '/Library/Fonts',
  join(homedir(), 'Library/Fonts'),
  'C:\\Windows\\Fonts',
];
const KNOWN: readonly (readonly [RegExp, string?])[] = [
  [/^NotoSansCJK-Regular\.ttc$/i, 'NotoSansCJKsc-Regular'],
  [/^NotoSansCJKsc-Regular\.otf$/i],
  [/^NotoSansSC-Regular\.(otf|ttf)$/i],
  [/^SourceHanSans(SC|CN)-Regular\.otf$/i],
  [/^PingFang\.ttc$/i, 'PingFangSC-Regular'],
  [/^msyh\.ttc$/i, 'MicrosoftYaHei'],
  [/^simhei\.ttf$/i],
  [/^wqy-microhei\.ttc$/i, 'WenQuanYiMicroHei'],
  [/^wqy-zenhei\.ttc$/i, 'WenQuanYiZenHei'],
  [/^NotoSerifCJK-Regular\.ttc$/i, 'NotoSerifCJKsc-Regular'],
  [/^simsun\.ttc$/i, 'SimSun'],
  [/^(Songti|STSong)\.tt[cf]$/i, 'STSongti-SC-Regular'],
  [/^DroidSansFallback(Full)?\.ttf$/i],
];

/** A font with Chinese characters that is installed here. @throws YibaoError statement.no-font */
export function findChineseFont(
  folders: readonly string[] = FOLDERS,
  environment: NodeJS.ProcessEnv = process.env,
): Font {
  const given = environment.YIBAO_FONT;
  if (given && existsSync(given)) {
    const known = KNOWN.find(([pattern]) => pattern.test(given.split(/[\\/]/).at(-1)!));
    return known?.[1] === undefined ? { file: given } : { file: given, name: known[1] };
  }
  const files = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
    )
    .toSorted();
  for (const [pattern, name] of KNOWN) {
    const file = files.find((path) => pattern.test(path.split(/[\\/]/).at(-1)!));
    if (file !== undefined) return name === undefined ? { file } : { file, name };
  }
  throw new YibaoError({ definition: statementErrors.noFont });
}

/**
 * A statement on paper. The same statement gives the same bytes.
 * @param made when the settlement was made: the date the document bears
 * @throws YibaoError statement.no-font
 */
export async function statementPdf(
  statement: Statement,
  options: { readonly language: Language; readonly made: string; readonly font?: Font },
): Promise<Buffer> {
  const { language, made } = options;
  const { file, name } = options.font ?? findChineseFont();
  const { default: pdfmake } = await import('pdfmake');
  const font = name === undefined ? file : [file, name];
  pdfmake.setFonts({ chinese: { normal: font, bold: font, italics: font, bolditalics: font } } as never);
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path: string) => path === file);
  const zh = language === 'zh';
  const { institution, columns, lines } = statement;
  const head = [
    { text: zh ? '项目（金额为元）' : 'Line (amounts in yuan)' },
    ...columns.map((column) => ({ text: column[language], alignment: 'right' })),
  ];
  const definition = {
    pageSize: 'A4',
    pageMargins: [50, 60, 50, 60],
    defaultStyle: { font: 'chinese', fontSize: 10.5 },
    info: {
      title: statement.title[language],
      creator: 'OpenYibao',
      producer: 'OpenYibao',
      creationDate: new Date(made),
      modDate: new Date(made),
    },
    content: [
      { text: statement.title[language], fontSize: 18, alignment: 'center', margin: [0, 0, 0, 12] },
      { text: `${statement.area}`, margin: [0, 0, 0, 2] },
      { text: `${institution.name}  ${institution.code}`, margin: [0, 0, 0, 12] },
      {
        layout: 'lightHorizontalLines',
        table: {
          headerRows: 1,
          widths: ['*', ...columns.map(() => 'auto')],
          body: [
            head,
            ...lines.map((line) => [
              { text: line.title[language] },
              ...line.cells.map((value) => ({ text: cellText(value, line.kind), alignment: 'right' })),
            ]),
          ],
        },
      },
      {
        columns: [
          { text: zh ? '医保经办机构（盖章）：' : 'Agency (seal):' },
          { text: zh ? '医疗机构（盖章）：' : 'Institution (seal):' },
        ],
        margin: [0, 48, 0, 0],
      },
    ],
    footer: (page: number, pages: number) => ({
      text: `${page} / ${pages}`,
      alignment: 'center',
      fontSize: 8,
    }),
  };
  return Buffer.from(await pdfmake.createPdf(definition as never).getBuffer());
}
