import type { Engine } from '#engine/duckdb.ts';

/** The native columns of a source that may be typed (Parquet); text formats give VARCHAR throughout. */
type ColumnType = string;

/** A text without spaces at its ends. A function looks at each text of a dictionary once, where `trimmed` looks at every row. */
const trimmedText = (column: string, inDictionary: boolean): string =>
  `${inDictionary ? 'trim' : 'trimmed'}(CAST(${column} AS VARCHAR))`;

/**
 * The place of a code in institutions.csv, NULL when it is not there. Looking through the list is quick for the few texts of a
 * dictionary, a cast to the enumeration `institution_code` is for texts that come one by one.
 */
const institutionNumber = (code: string, inDictionary: boolean): string =>
  inDictionary
    ? `list_position(CAST(enum_range(NULL::institution_code) AS VARCHAR[]), ${code}) - 1`
    : `enum_code(try_cast(${code} AS institution_code))`;

/** Money of any column type as fen, NULL when it is not an amount with at most two decimals. */
function fenExpression(column: string, type: ColumnType): string {
  const scale = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  if (scale && Number(scale[2]) <= 2) return `try_cast(${column} * 100 AS BIGINT)`;
  if (/^(TINYINT|SMALLINT|INTEGER|BIGINT|UTINYINT|USMALLINT|UINTEGER)$/.test(type)) {
    return `CAST(CAST(${column} AS HUGEINT) * 100 AS BIGINT)`;
  }
  return `yuan_text_to_fen(CAST(${column} AS VARCHAR))`;
}

/** A time of any column type as the TIMESTAMP on the wall clock (Asia/Shanghai for instants). */
function timestampExpression(column: string, type: ColumnType): string {
  if (type === 'DATE') return `CAST(${column} AS TIMESTAMP)`;
  if (type === 'TIMESTAMP WITH TIME ZONE') return `timezone('Asia/Shanghai', ${column})`;
  if (type.startsWith('TIMESTAMP')) return `CAST(${column} AS TIMESTAMP)`;
  return `iso_text_to_timestamp(CAST(${column} AS VARCHAR))`;
}

/**
 * Makes the view `settlement_list_source` over one file: the same names and types whatever the file's own.
 * @param select a SELECT that gives the columns of a list (LIST_COLUMNS), in file order
 * @param dictionaryColumns those whose texts the file keeps in dictionaries
 */
export async function defineListSource(
  engine: Engine,
  select: string,
  dictionaryColumns: ReadonlySet<string> = new Set(),
): Promise<void> {
  const described = await engine.rows(`DESCRIBE ${select}`);
  const type = new Map(described.map((row) => [String(row.column_name), String(row.column_type)]));
  const typeOf = (column: string) => type.get(column) ?? 'VARCHAR';
  const trimmed = (column: string) => trimmedText(column, dictionaryColumns.has(column));
  await engine.run(`CREATE OR REPLACE TEMP VIEW settlement_list_source AS
    SELECT
      ${trimmed('setl_id')} AS setl_id
      , ${trimmed('fixmedins_code')} AS fixmedins_code
      , ${institutionNumber(trimmed('fixmedins_code'), dictionaryColumns.has('fixmedins_code'))} AS institution_no
      , ${trimmed('insutype')} AS insutype
      , ${timestampExpression('adm_time', typeOf('adm_time'))} AS admission
      , ${timestampExpression('dscg_time', typeOf('dscg_time'))} AS discharge
      , ${fenExpression('medfee_sumamt', typeOf('medfee_sumamt'))} AS cost_fen
      , ${fenExpression('fund_pay_sumamt', typeOf('fund_pay_sumamt'))} AS fund_fen
      , CAST(diagnoses AS VARCHAR) AS diagnoses
      , CAST(procedures AS VARCHAR) AS procedures
      , CAST(gend AS VARCHAR) AS sex_text
      , CAST(age AS VARCHAR) AS age_years_text
      , CAST(nwb_age AS VARCHAR) AS age_days_text
      , CAST(nwb_adm_wt AS VARCHAR) AS birth_weight_text
      , ${trimmed('dscg_way')} AS disposition
      , ${trimmed('psn_no')} AS person
      , ${trimmed('ipt_med_type')} AS inpatient_type
      , duration_text_to_minutes(CAST(scs_cutd_sum_dura AS VARCHAR)) AS icu_minutes
      -- as written, of the file's own type: made text only where a clerk will read it
      , adm_time AS admission_written
      , dscg_time AS discharge_written
      , medfee_sumamt AS cost_written
      , fund_pay_sumamt AS fund_written
    FROM (${select}) AS source`);
}
