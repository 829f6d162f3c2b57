import type { Engine, Row } from '#engine/duckdb.ts';
import { identityErrors } from '#identity/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { publishedPeriods } from '#workflow/index.ts';
import { runParams } from '../contract/run.ts';
import {
  areaYears,
  groupDetailSchema,
  groupPage,
  groupParams,
  groupQuery,
  indicatorPage,
  indicatorQuery,
  institutionDetailSchema,
  institutionParams,
  overviewSchema,
  parameterPage,
  parameterQuery,
  refusedPage,
  refusedQuery,
} from '../contract/year.ts';
import { apiErrors } from '../errors.ts';
import { answerList, jsonRow, type ListSource } from '../list.ts';
import { route } from '../route.ts';
import { inEngine, inStore } from '../store-list.ts';

const count = (zh: string, en: string) => ({ title: { zh, en }, kind: 'count' }) as const;
const yuan = (zh: string, en: string) => ({ title: { zh, en }, kind: 'yuan' }) as const;

const GROUPS: ListSource = {
  from: `(SELECT *, concat_ws(' · ', diagnosis_name, procedure_names) AS name FROM group_summary
    WHERE group_code IS NOT NULL) AS t`,
  key: 'cost_fen DESC, group_code',
  columns: {
    group_code: { title: { zh: '病种', en: 'Group' }, filter: 'begins' },
    kind: { title: { zh: '类型', en: 'Kind' }, filter: 'equal' },
    name: { title: { zh: '名称', en: 'Name' }, filter: 'contains' },
    history_cases: count('历史病例', 'Cases of the history'),
    average_cost_fen: yuan('历史例均费用', 'Mean cost of the history'),
    score4: { title: { zh: '分值', en: 'Score' }, kind: 'scaled4' },
    cases: count('本年病例', 'Cases of the year'),
    institutions: count('机构数', 'Institutions'),
    cost_fen: yuan('本年总费用', 'Cost of the year'),
    mean_cost_fen: yuan('本年例均费用', 'Mean cost of the year'),
    points4: { title: { zh: '总点数', en: 'Points' }, kind: 'scaled4' },
    low_cases: count('低倍率', 'Low'),
    high_cases: count('高倍率', 'High'),
  },
};

const REFUSED: ListSource = {
  from: 'refused_result',
  key: 'file, row_no',
  columns: {
    file: { title: { zh: '文件', en: 'File' }, filter: 'begins' },
    row_no: count('行', 'Row'),
    setl_id: { title: { zh: '结算ID', en: 'Settlement id' }, filter: 'begins' },
    reason: { title: { zh: '原因与处理', en: 'Reason and remedy' } },
  },
};

const PARAMETERS: ListSource = {
  from: 'parameter',
  key: 'parameter, effective_from, layer',
  columns: {
    parameter: { title: { zh: '参数', en: 'Parameter' }, filter: 'begins' },
    title_zh: { title: { zh: '名称', en: 'Chinese title' } },
    title_en: { title: { zh: '英文名称', en: 'English title' } },
    value: { title: { zh: '值', en: 'Value' } },
    unit: { title: { zh: '单位', en: 'Unit' } },
    layer: { title: { zh: '层级', en: 'Layer' }, filter: 'equal' },
    document: { title: { zh: '文件', en: 'Document' } },
    document_title_zh: { title: { zh: '文件名称', en: 'Title of the document' } },
    document_title_en: { title: { zh: '文件英文名称', en: 'English title of the document' } },
    article: { title: { zh: '条款', en: 'Article' } },
    effective_from: { title: { zh: '生效日期', en: 'In force from' } },
  },
};

/** A scaled integer as decimal text. */
const decimalText = (value: string): string => `CASE WHEN ${value} IS NULL OR d.decimals = 0
    THEN CAST(${value} AS VARCHAR)
    ELSE CASE WHEN ${value} < 0 THEN '-' ELSE '' END
      || CAST(abs(${value}) // CAST(rpad('1', d.decimals + 1, '0') AS BIGINT) AS VARCHAR) || '.'
      || lpad(CAST(abs(${value}) % CAST(rpad('1', d.decimals + 1, '0') AS BIGINT) AS VARCHAR), d.decimals, '0') END`;

const INDICATORS: ListSource = {
  from: `(SELECT r.id AS fixmedins_code, d.position, d.family, f.title_zh AS family_zh, f.title_en AS family_en
      , d.indicator, d.title_zh, d.title_en, d.formula_zh, d.formula_en, d.unit, d.direction, r.status
      , ${decimalText('r.value')} AS value, ${decimalText('r.last_year_value')} AS last_year_value
      , p.peers, ${decimalText('p.p25')} AS p25, ${decimalText('p.median')} AS median
      , ${decimalText('p.p75')} AS p75, p.percentile4, d.source, d.rule
    FROM indicator_result AS r
    JOIN indicator_definition AS d ON d.indicator = r.indicator
    JOIN indicator_family AS f ON f.family = d.family
    LEFT JOIN peer_result AS p ON p.fixmedins_code = r.id AND p.indicator = r.indicator
    WHERE r.scope = 'institution' AND r.month = 0) AS t`,
  key: 'position',
  columns: {
    position: count('次序', 'Position'),
    family: { title: { zh: '类', en: 'Family' }, filter: 'equal' },
    family_zh: { title: { zh: '类别', en: 'Chinese family' } },
    family_en: { title: { zh: '英文类别', en: 'English family' } },
    indicator: { title: { zh: '指标', en: 'Indicator' } },
    title_zh: { title: { zh: '名称', en: 'Chinese title' } },
    title_en: { title: { zh: '英文名称', en: 'English title' } },
    formula_zh: { title: { zh: '公式', en: 'Chinese formula' } },
    formula_en: { title: { zh: '英文公式', en: 'English formula' } },
    unit: { title: { zh: '单位', en: 'Unit' } },
    direction: { title: { zh: '方向', en: 'Direction' } },
    status: { title: { zh: '状态', en: 'Status' } },
    value: { title: { zh: '本年', en: 'Value' } },
    last_year_value: { title: { zh: '上年', en: 'Year before' } },
    peers: count('同级机构', 'Peers'),
    p25: { title: { zh: '下四分位', en: 'Lower quartile' } },
    median: { title: { zh: '中位数', en: 'Median' } },
    p75: { title: { zh: '上四分位', en: 'Upper quartile' } },
    percentile4: { title: { zh: '低于它的同级占比', en: 'Share of peers below' }, kind: 'scaled4' },
    source: { title: { zh: '出处', en: 'Source' } },
    rule: { title: { zh: '规则', en: 'Rule' } },
  },
};

/** A settlement of an earlier program has made none. */
async function hasIndicators(engine: Engine): Promise<boolean> {
  const { tables } = await engine.row(
    "SELECT count(*) AS tables FROM information_schema.tables WHERE table_name = 'peer_result'",
  );
  return (tables as bigint) > 0n;
}

/** The pages of one settled year. */
export const yearRoutes = [
  route({
    method: 'GET',
    url: '/api/years',
    action: 'group.read',
    summary: {
      zh: '各地区年度与其最新结算；机构看到最近公布的',
      en: 'years of the areas with their newest settlement; for an institution, with the one last published from',
    },
    answer: areaYears,
    handle: async (_parts, { store, institution }) => {
      const rows = await inStore(store)(
        `SELECT a.id AS "areaId", a.name AS "areaName", r.year, max(r.id) FILTER (WHERE r.state = 'done') AS "runId",
           max(r.settled_at) AS "settledAt"
         FROM area AS a JOIN run AS r ON r.area_id = a.id
         GROUP BY a.id, a.name, r.year ORDER BY a.name, r.year DESC`,
        [],
      );
      if (institution === undefined) return { rows };
      return {
        rows: await Promise.all(
          rows.map(async (row) => {
            const published = await publishedPeriods(store, {
              areaId: String(row.areaId),
              year: Number(row.year),
            });
            return published.size === 0 ? row : { ...row, runId: Math.max(...published.values()) };
          }),
        ),
      };
    },
  }),
  route({
    method: 'GET',
    url: '/api/runs/:id/overview',
    action: 'run.read',
    summary: { zh: '年度总览', en: 'a year at a glance' },
    params: runParams,
    answer: overviewSchema,
    handle: async ({ params }, { runTables, institution }) => {
      const engine = await runTables.of(params.id);
      const area = await engine.row('SELECT code, name, year, profile FROM area_info');
      return institution === undefined
        ? {
            area,
            schemes: await all(engine, 'SELECT * FROM scheme_summary ORDER BY insutype'),
            months: await all(engine, 'SELECT * FROM monthly_point_value ORDER BY insutype, month'),
            institutions: await all(engine, 'SELECT * FROM institution_summary ORDER BY fixmedins_code'),
            kinds: await all(engine, 'SELECT * FROM kind_summary ORDER BY insutype, kind, deviation'),
            bins: await all(engine, 'SELECT * FROM deviation_histogram ORDER BY deviation, bin'),
            refused: await all(engine, 'SELECT * FROM refused_reason ORDER BY lists DESC, reason'),
          }
        : {
            area,
            schemes: [],
            months: await all(engine, MONTHS_OF_ONE, institution),
            institutions: await all(
              engine,
              'SELECT * FROM institution_summary WHERE fixmedins_code = $1',
              institution,
            ),
            kinds: await all(engine, KINDS_OF_ONE, institution),
            bins: [],
            refused: [],
          };
    },
  }),
  route({
    method: 'GET',
    url: '/api/runs/:id/institutions/:code',
    action: 'run.read',
    summary: { zh: '一家机构的年度', en: 'the year of one institution' },
    params: institutionParams,
    answer: institutionDetailSchema,
    handle: async ({ params }, { runTables, institution }) => {
      const code = ownOnly(params.code, institution);
      const engine = await runTables.of(params.id);
      const [one] = await all(engine, 'SELECT * FROM institution_summary WHERE fixmedins_code = $1', code);
      if (one === undefined) throw notFound('code', code);
      return {
        institution: one,
        schemes: await all(
          engine,
          'SELECT * FROM clearing_result WHERE fixmedins_code = $1 ORDER BY insutype',
          code,
        ),
        months: await all(
          engine,
          'SELECT * FROM month_result WHERE fixmedins_code = $1 ORDER BY month, insutype',
          code,
        ),
        peers: await all(engine, PEERS, code),
      };
    },
  }),
  route({
    method: 'GET',
    url: '/api/runs/:id/institutions/:code/indicators',
    action: 'run.read',
    summary: {
      zh: '一家机构的年度指标，与同级机构对照',
      en: 'the indicators of one institution for the year, beside those of its level',
    },
    params: institutionParams,
    query: indicatorQuery,
    answer: indicatorPage,
    handle: async ({ params, query }, context) => {
      const code = ownOnly(params.code, context.institution);
      const engine = await context.runTables.of(params.id);
      const [known] = await all(engine, 'SELECT 1 AS one FROM institution WHERE fixmedins_code = $1', code);
      if (known === undefined) throw notFound('code', code);
      if (!(await hasIndicators(engine))) {
        throw new YibaoError({ definition: apiErrors.noIndicators, value: String(params.id) });
      }
      return answerList(INDICATORS, query, inEngine(engine), context, { fixmedins_code: code });
    },
  }),
  route({
    method: 'GET',
    url: '/api/runs/:id/groups',
    action: 'group.read',
    summary: { zh: '病种目录与本年使用', en: 'groups and their use in the year' },
    params: runParams,
    query: groupQuery,
    answer: groupPage,
    handle: async ({ params, query }, context) =>
      answerList(GROUPS, query, inEngine(await context.runTables.of(params.id)), context),
  }),
  route({
    method: 'GET',
    url: '/api/runs/:id/groups/:group',
    action: 'group.read',
    summary: { zh: '一个病种', en: 'one group' },
    params: groupParams,
    answer: groupDetailSchema,
    handle: async ({ params }, { runTables }) => {
      const engine = await runTables.of(params.id);
      const [group] = await all(
        engine,
        `SELECT *, concat_ws(' · ', diagnosis_name, procedure_names) AS name FROM group_summary WHERE group_code = $1`,
        params.group,
      );
      if (group === undefined) throw notFound('group', params.group);
      return {
        group,
        years: await all(engine, await yearsQuery(engine), params.group),
        institutions: await all(engine, GROUP_INSTITUTIONS, params.group),
        bins: await all(engine, GROUP_BINS, params.group),
        types: await all(
          engine,
          `SELECT family, type, type_cases, type_cv4, trigger4, verdict, coefficient4 FROM type_result
           WHERE group_code = $1 ORDER BY family, type`,
          params.group,
        ),
      };
    },
  }),
  route({
    method: 'GET',
    url: '/api/runs/:id/refused',
    action: 'list.read',
    summary: { zh: '拒收的清单', en: 'refused lists' },
    params: runParams,
    query: refusedQuery,
    answer: refusedPage,
    handle: async ({ params, query }, context) =>
      answerList(REFUSED, query, inEngine(await context.runTables.of(params.id)), context),
  }),
  route({
    method: 'GET',
    url: '/api/runs/:id/parameters',
    action: 'run.read',
    summary: { zh: '结算用到的参数与条款', en: 'parameters of a settlement with their articles' },
    params: runParams,
    query: parameterQuery,
    answer: parameterPage,
    handle: async ({ params, query }, context) =>
      answerList(PARAMETERS, query, inEngine(await context.runTables.of(params.id)), context),
  }),
];

const MONTHS_OF_ONE = `SELECT insutype, month, cases, points4, cost_fen, non_fund_fen, base_fen, paid_fen,
    NULL AS observed_point_value8
  FROM month_result WHERE fixmedins_code = $1 ORDER BY insutype, month`;
const KINDS_OF_ONE = `SELECT insutype, kind, deviation, count(*) AS cases
  FROM case_result WHERE fixmedins_code = $1 GROUP BY insutype, kind, deviation ORDER BY insutype, kind, deviation`;
const PEERS = `SELECT p.fixmedins_code, p.cases
    , CASE WHEN p.cases > 0 THEN CAST(p.cost_fen // p.cases AS BIGINT) END AS mean_cost_fen
    , p.cmi4
    , CASE WHEN p.fund_fen > 0 THEN CAST(p.gain_fen * 1000 // p.fund_fen AS BIGINT) END AS gain_permille
  FROM institution_summary AS p
  JOIN institution_summary AS one ON one.level = p.level AND one.fixmedins_code = $1
  WHERE p.cases > 0 ORDER BY p.fixmedins_code, p.cmi4, p.cases`;
const GROUP_INSTITUTIONS = `SELECT c.fixmedins_code, i.name, i.level, count(*) AS cases
    , CAST(sum(c.cost_fen) // count(*) AS BIGINT) AS mean_cost_fen
    , CAST(quantile_disc(c.cost_fen, 0.25) AS BIGINT) AS lower_fen
    , CAST(quantile_disc(c.cost_fen, 0.5) AS BIGINT) AS median_fen
    , CAST(quantile_disc(c.cost_fen, 0.75) AS BIGINT) AS upper_fen
    , sum(c.points4) AS points4
  FROM case_result AS c JOIN institution AS i ON i.fixmedins_code = c.fixmedins_code
  WHERE c.group_code = $1 GROUP BY c.fixmedins_code, i.name, i.level ORDER BY cases DESC, c.fixmedins_code`;
const GROUP_BINS = `SELECT least(c.cost_fen * 10 // g.average_cost_fen, 30) AS bin, c.deviation, count(*) AS cases
  FROM case_result AS c JOIN group_result AS g ON g.group_code = c.group_code
  WHERE c.group_code = $1 AND g.average_cost_fen > 0 GROUP BY bin, c.deviation ORDER BY bin, c.deviation`;

/** The history of a group stands in a table of the way of grouping; a way without one has no history to show. */
async function yearsQuery(engine: Engine): Promise<string> {
  const tables = await engine.rows(
    `SELECT DISTINCT table_name AS name FROM information_schema.tables
     WHERE table_name IN ('core_group_year', 'comprehensive_group_year', 'catalogue_group_year', 'drg_group_year')
     ORDER BY table_name`,
  );
  const parts = tables.map(
    ({ name }) => `SELECT CAST(year AS INTEGER) AS year, cases, cost_fen FROM ${name} WHERE group_code = $1`,
  );
  return parts.length === 0
    ? `SELECT 0 AS year, 0 AS cases, 0 AS cost_fen WHERE $1 = ''`
    : `${parts.join(' UNION ALL ')} ORDER BY year`;
}

async function all(engine: Engine, sql: string, parameter?: string): Promise<Record<string, unknown>[]> {
  const rows: Row[] = await engine.rows(sql, parameter === undefined ? undefined : [parameter]);
  return rows.map(jsonRow);
}

const notFound = (field: string, value: string) =>
  new YibaoError({ definition: apiErrors.notFound, field, value });

/** @throws YibaoError identity.other-institution when a hospital asks for another than its own */
function ownOnly(code: string, institution: string | undefined): string {
  if (institution !== undefined && code !== institution) {
    throw new YibaoError({ definition: identityErrors.otherInstitution, field: 'code', value: code });
  }
  return code;
}
