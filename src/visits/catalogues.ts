import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { type RawBuilder, sql } from 'kysely';
import type { StoreTransaction } from '#engine/postgres/store.ts';
import {
  type Call,
  type Handler,
  keepFile,
  PUBLIC_FILES,
  pageOf,
  refuse,
  type Transactions,
  timeText,
} from '#interface/index.ts';
import type { BenefitSource } from './benefit-source.ts';
import { chargeTypeOf, type EntryBody, ITEMS, listTypeOf, publishList } from './publish-catalogue.ts';
import { decimal, type Fields, node, ratio4, text, timeOf } from './values.ts';
import { zipOne } from './zip.ts';

/** The lists that are downloaded as files: of the items those of a list type, or a list of codes by its name. */
const FILES: Readonly<Record<string, { readonly list: string; readonly listType?: string }>> = {
  '1301': { list: ITEMS, listType: '101' },
  '1302': { list: ITEMS, listType: '102' },
  '1303': { list: ITEMS, listType: '103' },
  '1305': { list: ITEMS, listType: '201' },
  '1306': { list: ITEMS, listType: '301' },
  '1307': { list: 'diagnoses' },
  '1308': { list: 'procedures' },
  '1309': { list: 'chronic-diseases' },
  '1310': { list: 'by-disease' },
  '1311': { list: 'day-surgery' },
  '1313': { list: 'tumour-morphology' },
  '1314': { list: 'tcm-diseases' },
  '1315': { list: 'tcm-syndromes' },
  '1320': { list: ITEMS, listType: '106' },
};

type FileColumn = { readonly transaction: string; readonly name: string; readonly value: string };
/** By transaction, in the order of the published tables; `value` names what of ours stands there. */
const COLUMNS = Map.groupBy(
  parse(readFileSync(join(import.meta.dirname, 'catalogue-file-columns.csv'), 'utf8'), {
    columns: true,
  }) as FileColumn[],
  ({ transaction }) => transaction,
);

type Row = {
  readonly rid: string;
  readonly version: number;
  readonly is_valid: boolean;
  readonly body: EntryBody;
  readonly made_at: string;
  readonly changed_at: string;
};

const CLASS_CODES = { A: '01', B: '02', C: '03' } as const;
const classOf = ({ listClass }: EntryBody): string => (listClass === undefined ? '' : CLASS_CODES[listClass]);
const versionText = (version: number): string => `v${String(version).padStart(4, '0')}`;
const moment = (at: string): string => timeText(Temporal.Instant.from(at));

/** A cell of a file; empty ones are `null`, and nothing in one may look like the end of a cell or row. */
function cellOf(row: Row, value: string, areaCode: string): string {
  const { body } = row;
  const values: Readonly<Record<string, string | undefined>> = {
    code: body.code,
    name: body.name,
    class: classOf(body),
    restricted: body.restricted === undefined ? '' : body.restricted ? '1' : '0',
    from: body.from,
    to: body.to,
    valid: row.is_valid ? '1' : '0',
    rid: row.rid,
    created: moment(row.made_at),
    updated: moment(row.changed_at),
    version: versionText(row.version),
    version_name: versionText(row.version),
    area: areaCode,
  };
  return (values[value] ?? '').replaceAll(/[\t\r\n]+/g, ' ') || 'null';
}

/** @throws Refusal for what is no version */
function versionOf(data: Fields): number {
  const said = text(data, 'ver');
  const [, digits] = /^[vV]?(\d{1,9})$/.exec(said) ?? [];
  if (digits !== undefined) return Number(digits);
  throw refuse(
    '应为本地最大版本号，如 v0003；第一次为 v0000',
    'the largest local version, such as v0003; v0000 at first',
    {
      node: 'data',
      field: 'ver',
      name: '版本号',
      value: said,
    },
  );
}

/** What is newer than the client's version, as a file that 9102 gives to everyone. */
const download =
  (source: BenefitSource, infno: string): Handler =>
  async ({ db, input, institution, now }) => {
    const { list, listType } = FILES[infno]!;
    const areaCode = institution.area_code;
    const since = versionOf(node(input, 'data'));
    const version = await publishList(db, source, areaCode, list, now);
    const { rows } =
      await sql<Row>`SELECT rid, version, is_valid, body, made_at, changed_at FROM catalogue_entry
      WHERE area_code = ${areaCode} AND list = ${list} AND version > ${since} AND (is_valid OR ${since} > 0)
      ORDER BY code, rid`.execute(db);
    const own = rows.filter(({ body }) => listType === undefined || listTypeOf(body) === listType);
    const columns = COLUMNS.get(infno)!;
    const lines = own.map(
      (row) => `${columns.map(({ value }) => cellOf(row, value, areaCode)).join('\t')}\n`,
    );
    const name = `${infno}_${areaCode}_${versionText(since)}_${versionText(Math.max(since, version))}`;
    const kept = await keepFile(
      db,
      {
        fixmedinsCode: PUBLIC_FILES,
        filename: `${name}.zip`,
        content: zipOne(`${name}.txt`, Buffer.from(lines.join(''), 'utf8')),
        key: name,
      },
      now,
    );
    return {
      file_qury_no: kept.fileQuryNo,
      filename: `${name}.zip`,
      dld_end_time: timeText(kept.downloadUntil).slice(0, 10),
      data_cnt: own.length,
    };
  };

/** How the rows of a list are asked for page by page. */
type Query = {
  /** which of the items have something to say here */
  readonly holds: RawBuilder<unknown>;
  /** the fields of the request that choose rows, beside those every query has */
  readonly fields: Readonly<Record<string, RawBuilder<unknown>>>;
  /** the field of the request that is a part of the name */
  readonly name?: string;
  readonly answer: (row: Row, areaCode: string) => Record<string, string>;
};

const jsonText = (key: string) => sql`e.body ->> ${sql.lit(key)}`;
const SCHEMES = sql`CASE e.body ->> 'scheme' WHEN 'employee' THEN '310' WHEN 'resident' THEN '390' ELSE '99' END`;
const LIST_TYPE = sql`coalesce(e.body ->> 'listType', CASE WHEN e.code ~* '^[xz]' THEN '101' WHEN e.code ~* '^t' THEN '102'
  WHEN e.code ~* '^c' THEN '301' WHEN e.code ~ '^[0-9]' THEN '201' ELSE '105' END)`;
const PSN_TYPES: Readonly<Record<string, string>> = { employee: '310', resident: '390' };
const common = (row: Row, areaCode: string): Record<string, string> => ({
  insu_admdvs: areaCode,
  begndate: row.body.from ?? '',
  enddate: row.body.to ?? '',
  vali_flag: row.is_valid ? '1' : '0',
  rid: row.rid,
  updt_time: moment(row.changed_at),
  crte_time: moment(row.made_at),
  poolarea_no: areaCode,
});

const QUERIES: Readonly<Record<string, Query>> = {
  '1304': {
    holds: sql`${LIST_TYPE} = '104'`,
    fields: { med_list_codg: sql`e.code`, rid: sql`e.rid` },
    name: 'drug_prodname',
    answer: (row, areaCode) => ({
      ...common(row, areaCode),
      med_list_codg: row.body.code,
      drug_prodname: row.body.name ?? '',
      ver: versionText(row.version),
      ver_name: versionText(row.version),
    }),
  },
  '1312': {
    holds: sql`(e.body ->> 'listClass' IS NOT NULL OR e.body ->> 'restricted' IS NOT NULL OR e.body ->> 'name' IS NOT NULL)`,
    fields: {
      hilist_code: sql`e.code`,
      chrgitm_lv: sql`CASE e.body ->> 'listClass' WHEN 'A' THEN '01' WHEN 'B' THEN '02' WHEN 'C' THEN '03' END`,
      lmt_used_flag: sql`CASE e.body ->> 'restricted' WHEN 'true' THEN '1' ELSE '0' END`,
      list_type: LIST_TYPE,
    },
    name: 'hilist_name',
    answer: (row, areaCode) => ({
      ...common(row, areaCode),
      hilist_code: row.body.code,
      hilist_name: row.body.name ?? '',
      med_chrgitm_type: chargeTypeOf(row.body),
      chrgitm_lv: classOf(row.body),
      lmt_used_flag: row.body.restricted ? '1' : '0',
      list_type: listTypeOf(row.body),
      med_use_flag: '1',
      matn_used_flag: '1',
      hilist_use_type: '',
      lmt_cpnd_type: '',
    }),
  },
  '1316': {
    holds: sql`true`,
    fields: { med_list_codg: sql`e.code`, hilist_code: sql`e.code`, list_type: LIST_TYPE },
    answer: (row, areaCode) => ({
      ...common(row, areaCode),
      // the lists of an area speak of the national codes themselves
      med_list_codg: row.body.code,
      hilist_code: row.body.code,
      list_type: listTypeOf(row.body),
    }),
  },
  '1318': {
    holds: sql`e.body ->> 'ceiling6' IS NOT NULL`,
    fields: { hilist_code: sql`e.code`, hilist_lmtpric_type: jsonText('level'), rid: sql`e.rid` },
    answer: (row, areaCode) => ({
      ...common(row, areaCode),
      hilist_code: row.body.code,
      hilist_lmtpric_type: row.body.level ?? '',
      overlmt_dspo_way: '',
      hilist_pric_uplmt_amt: decimal(row.body.ceiling6 ?? 0, 6),
    }),
  },
  '1319': {
    holds: sql`e.body ->> 'priorRatio' IS NOT NULL`,
    fields: {
      hilist_code: sql`e.code`,
      selfpay_prop_psn_type: SCHEMES,
      selfpay_prop_type: sql`coalesce(e.body ->> 'priorType', '10')`,
      rid: sql`e.rid`,
    },
    answer: (row, areaCode) => ({
      ...common(row, areaCode),
      hilist_code: row.body.code,
      selfpay_prop_psn_type: PSN_TYPES[row.body.scheme ?? ''] ?? '99',
      selfpay_prop_type: String(row.body.priorType ?? 10),
      selfpay_prop: ratio4(row.body.priorRatio ?? 0),
    }),
  },
};

/** Ways to search that the lists of an area have no column for. */
const NOT_HELD = ['wubi', 'pinyin', 'tabname'] as const;

function refuseNotHeld(data: Fields): void {
  const field = NOT_HELD.find((name) => text(data, name) !== '');
  if (field === undefined) return;
  throw refuse('本平台的目录没有这一项，不能按它查询', 'the lists here do not have this field', {
    node: 'data',
    field,
    value: text(data, field),
  });
}

/** Rows changed at the time or later; a date alone means the whole of that day, so that nothing between two queries is lost. */
const sinceOf = (data: Fields): string => `${timeOf(data, 'updt_time')}+08:00`;

const query =
  (source: BenefitSource, infno: string): Handler =>
  async ({ db, input, institution, now }) => {
    const { holds, fields, name, answer } = QUERIES[infno]!;
    const data = node(input, 'data');
    refuseNotHeld(data);
    const areaCode = text(data, 'insu_admdvs') || text(data, 'poolarea_no') || institution.area_code;
    await publishList(db, source, areaCode, ITEMS, now);
    const chosen = Object.entries(fields)
      .filter(([field]) => text(data, field) !== '')
      .map(([field, expression]) => sql`${expression} = ${text(data, field)}`);
    return page(db, data, {
      from: sql`catalogue_entry AS e`,
      where: [
        sql`e.area_code = ${areaCode} AND e.list = ${ITEMS} AND ${holds}`,
        sql`e.changed_at >= ${sinceOf(data)}::timestamptz`,
        ...chosen,
        ...(name === undefined ? [] : named(data, name, sql`e.body ->> 'name'`)),
        ...dated(data, sql`e.body ->> 'from'`, sql`e.body ->> 'to'`),
        ...flagged(data, sql`e.is_valid`),
      ],
      order: sql`e.changed_at, e.rid`,
      answer: (row: Row) => answer(row, areaCode),
    });
  };

const named = (data: Fields, field: string, expression: RawBuilder<unknown>) =>
  text(data, field) === '' ? [] : [sql`strpos(${expression}, ${text(data, field)}) > 0`];
const flagged = (data: Fields, expression: RawBuilder<unknown>) =>
  text(data, 'vali_flag') === '' ? [] : [sql`${expression} = ${text(data, 'vali_flag') === '1'}`];
/** `begndate` is that of the row, `query_date` a day on which it holds. */
const dated = (data: Fields, from: RawBuilder<unknown>, to: RawBuilder<unknown>) => {
  const [begndate, day] = [timeOf(data, 'begndate').slice(0, 10), timeOf(data, 'query_date').slice(0, 10)];
  return [
    ...(begndate === '' ? [] : [sql`${from} = ${begndate}`]),
    ...(day === '' ? [] : [sql`${from} <= ${day} AND (${to} IS NULL OR ${to} >= ${day})`]),
  ];
};

async function page<Of>(
  db: StoreTransaction,
  data: Fields,
  wanted: {
    readonly from: RawBuilder<unknown>;
    readonly where: readonly RawBuilder<unknown>[];
    readonly order: RawBuilder<unknown>;
    readonly answer: (row: Of) => Record<string, string>;
  },
): Promise<Record<string, string>[]> {
  const { offset, size } = pageOf({ page_num: text(data, 'page_num'), page_size: text(data, 'page_size') });
  const { rows } = await sql<Of>`SELECT e.* FROM ${wanted.from} WHERE ${sql.join(wanted.where, sql` AND `)}
    ORDER BY ${wanted.order} LIMIT ${size} OFFSET ${offset}`.execute(db);
  return rows.map(wanted.answer);
}

type Mapping = {
  readonly fixmedins_hilist_id: string;
  readonly list_type: string;
  readonly med_list_codg: string;
  readonly begndate: string;
  readonly enddate: string;
  readonly changed_at: string;
  readonly body: Fields;
};

/** 1317: what the institution itself has filed with 3301. */
async function ownMappings({ db, input, institution }: Call): Promise<Record<string, string>[]> {
  const data = node(input, 'data');
  const asked = text(data, 'fixmedins_code');
  if (asked !== '' && asked !== institution.fixmedins_code) {
    throw refuse('只能查询本机构的数据', 'only data of the own institution', {
      node: 'data',
      field: 'fixmedins_code',
      name: '定点医药机构编号',
      value: asked,
    });
  }
  const equal = {
    medins_list_codg: 'fixmedins_hilist_id',
    list_type: 'list_type',
    med_list_codg: 'med_list_codg',
  };
  return page(db, data, {
    from: sql`item_mapping AS e`,
    where: [
      sql`e.fixmedins_code = ${institution.fixmedins_code}`,
      sql`e.changed_at >= ${sinceOf(data)}::timestamptz`,
      ...Object.entries(equal)
        .filter(([field]) => text(data, field) !== '')
        .map(([field, column]) => sql`e.${sql.ref(column)} = ${text(data, field)}`),
      ...named(data, 'medins_list_name', sql`e.body ->> 'fixmedins_hilist_name'`),
      ...dated(data, sql`e.begndate::text`, sql`e.enddate::text`),
      ...flagged(data, sql`true`),
    ],
    order: sql`e.changed_at, e.fixmedins_hilist_id, e.list_type, e.med_list_codg`,
    answer: ({ body, ...row }: Mapping) => ({
      fixmedins_code: institution.fixmedins_code,
      medins_list_codg: row.fixmedins_hilist_id,
      medins_list_name: text(body, 'fixmedins_hilist_name'),
      insu_admdvs: institution.area_code,
      list_type: row.list_type,
      med_list_codg: row.med_list_codg,
      begndate: row.begndate,
      enddate: row.enddate,
      ...Object.fromEntries(
        ['aprvno', 'dosform', 'exct_cont', 'item_cont', 'prcunt', 'spec', 'pacspec', 'memo'].map((field) => [
          field,
          text(body, field),
        ]),
      ),
      vali_flag: '1',
      rid: `${row.fixmedins_hilist_id}-${row.list_type}-${row.med_list_codg}`.slice(0, 40),
      updt_time: moment(row.changed_at),
      crte_time: moment(row.changed_at),
      poolarea_no: institution.area_code,
    }),
  });
}

/** 1301 to 1320: the lists of the institution's area as files by version, and page by page. Source: interface.md §1.7. */
export const catalogueTransactions = (source: BenefitSource): Transactions => ({
  ...Object.fromEntries(Object.keys(FILES).map((infno) => [infno, download(source, infno)])),
  ...Object.fromEntries(Object.keys(QUERIES).map((infno) => [infno, query(source, infno)])),
  '1317': ownMappings,
});
