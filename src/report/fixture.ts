import { join } from 'node:path';
import { Engine } from '#engine/duckdb.ts';
import { runScript } from '#engine/sql-file.ts';

/**
 * An invented result of a settlement for tests: the tables the pipeline leaves, made by integer arithmetic from the
 * number of a case, so that every run gives the same rows. Every amount conserves: Σ due = budget and
 * Σ result + residual = budget in each scheme. Nothing in it comes from a real area.
 */
export type FixtureOptions = {
  readonly institutions?: number;
  readonly cases?: number;
  /** Off: `code_name` stays empty. */
  readonly names?: boolean;
};

export async function openFixture(options: FixtureOptions = {}): Promise<Engine> {
  const { institutions = 12, cases = 3_000, names = true } = options;
  const engine = await Engine.open();
  await runScript(engine, join(import.meta.dirname, '../engine/macros/exact.sql'));
  // A number from 0 to 9999 for case `i`, independent for each salt and the same on every machine.
  await engine.run(`CREATE MACRO draw(i, salt) AS
    CAST('0x' || substr(md5(CAST(i AS VARCHAR) || ':' || CAST(salt AS VARCHAR)), 1, 8) AS BIGINT) % 10000`);
  await engine.run(
    `CREATE TABLE area_info AS SELECT '990100' AS code, '示例市' AS name, 2025 AS year, 'reference' AS profile`,
  );
  await engine.run(`CREATE TABLE institution (fixmedins_code VARCHAR, name VARCHAR, level INTEGER)`);
  await engine.append(
    'institution',
    Array.from({ length: institutions }, (_, index) => {
      const level = index % 12 < 3 ? 3 : index % 12 < 8 ? 2 : 1;
      const place = PLACES[index % PLACES.length]!;
      const series = index < PLACES.length ? '' : `第${Math.floor(index / PLACES.length) + 1}`;
      const sort = level === 3 ? '人民医院' : level === 2 ? '中心医院' : '卫生院';
      return [`H990100${String(index + 1).padStart(5, '0')}`, `${place}${series}${sort}`, level];
    }),
  );
  await engine.run(`CREATE TABLE coefficient_result AS SELECT * FROM
    (VALUES (1, CAST(6420 AS BIGINT)), (2, 8875), (3, 12310)) AS t (level, coefficient4)`);
  await engine.run(`CREATE TABLE code_name (code VARCHAR, name VARCHAR)`);
  if (names) await engine.append('code_name', CODE_NAMES);
  await engine.run(`CREATE TABLE group_result (group_code VARCHAR, kind VARCHAR, cases BIGINT,
    average_cost_fen BIGINT, score4 BIGINT)`);
  await engine.append(
    'group_result',
    GROUPS.map(([code, averageYuan], index) => [
      code,
      /-\d$/.test(code) ? 'comprehensive' : 'core',
      900 - index * 19,
      averageYuan * 100n,
      // average cost of the area: 10,000 yuan
      (averageYuan * 100n * 10_000_000n) / 1_000_000n,
    ]),
  );
  await engine.run(`CREATE TABLE case_result AS
    WITH place AS (
      SELECT fixmedins_code, level, row_number() OVER (ORDER BY fixmedins_code) - 1 AS place FROM institution)
    , numbered_group AS (
      SELECT *, row_number() OVER (ORDER BY cases DESC, group_code) - 1 AS place FROM group_result)
    , drawn AS (
      SELECT range AS i
        , draw(range, 1) * draw(range, 1) // 10000 * ${institutions} // 10000 AS institution_place
        , draw(range, 2) * draw(range, 2) // 10000 * ${GROUPS.length} // 10000 AS group_place
        , CASE WHEN draw(range, 3) < 4200 THEN '310' ELSE '390' END AS insutype
        , 1 + draw(range, 4) * 12 // 10000 AS month
        , CASE WHEN draw(range, 5) < 350 THEN 2000 + draw(range, 6) * 28 // 100
               WHEN draw(range, 5) > 9700 THEN 20500 + draw(range, 6) * 3
               ELSE 6500 + (draw(range, 6) + draw(range, 7) + draw(range, 8)) * 24 // 100 END AS factor4
        , draw(range, 9) AS fund_draw
        , draw(range, 10) < 260 AS ungrouped
      FROM range(${cases}))
    , costed AS (
      SELECT d.*, p.fixmedins_code, g.group_code, g.kind, g.average_cost_fen, g.score4, f.coefficient4
        , g.average_cost_fen * f.coefficient4 // 10000 * d.factor4 // 10000 AS cost_fen
      FROM drawn AS d
      JOIN place AS p ON p.place = d.institution_place
      JOIN numbered_group AS g ON g.place = d.group_place
      JOIN coefficient_result AS f ON f.level = p.level)
    SELECT
      'S2025' || lpad(CAST(i AS VARCHAR), 8, '0') AS setl_id
      , fixmedins_code
      , insutype
      , '2025-' || lpad(CAST(month AS VARCHAR), 2, '0') AS month
      , cost_fen
      , cost_fen * (CASE insutype WHEN '310' THEN 7000 ELSE 5400 END + fund_draw // 10) // 10000 AS fund_fen
      , CASE WHEN kind = 'comprehensive' THEN substr(group_code, 1, 3) || '.900'
          ELSE rpad(split_part(group_code, '+', 1), 7, '0') END AS diagnosis
      , CASE WHEN kind = 'comprehensive' THEN '' ELSE array_to_string(string_split(group_code, '+')[2:], '|') END
        AS procedures
      , CASE WHEN NOT ungrouped THEN group_code END AS group_code
      , CASE WHEN ungrouped THEN 'ungrouped' ELSE kind END AS kind
      , CASE WHEN ungrouped THEN NULL WHEN factor4 < 5000 THEN 'low' WHEN factor4 > 20000 THEN 'high'
          ELSE 'normal' END AS deviation
      , CASE WHEN ungrouped THEN cost_fen * 7 -- 0.7 · 1000 · cost / 10,000 yuan, × 10^4
          WHEN factor4 < 5000 THEN round_divide(score4 * coefficient4 // 10000 * factor4, 10000)
          WHEN factor4 > 20000 THEN round_divide(score4 * coefficient4 // 10000 * (factor4 - 10000), 10000)
          ELSE round_divide(score4 * coefficient4, 10000) END AS points4
    FROM costed
    ORDER BY i`);
  await engine.run(`CREATE TABLE point_value_result AS
    SELECT insutype
      , CAST(sum(fund_fen) * CASE insutype WHEN '310' THEN 985 ELSE 1012 END // 1000 // 10000 * 10000 AS BIGINT) AS budget_fen
      , CAST(sum(cost_fen - fund_fen) AS BIGINT) AS non_fund_fen
      , sum(points4) AS points4
      , CAST(986543210 AS BIGINT) AS start_point_value8
      , CAST(NULL AS BIGINT) AS settlement_point_value8
    FROM case_result GROUP BY insutype ORDER BY insutype`);
  await engine.run(`UPDATE point_value_result SET settlement_point_value8 =
    round_divide(CAST(budget_fen + non_fund_fen AS HUGEINT) * 10000000000, points4)`);
  await engine.run(`CREATE TABLE month_result AS
    WITH month AS (
      SELECT month, insutype, fixmedins_code, count(*) AS cases, CAST(sum(points4) AS BIGINT) AS points4
        , CAST(sum(cost_fen) AS BIGINT) AS cost_fen, CAST(sum(cost_fen - fund_fen) AS BIGINT) AS non_fund_fen
      FROM case_result GROUP BY month, insutype, fixmedins_code)
    , based AS (
      SELECT m.*, CAST(round_divide(CAST(points4 AS HUGEINT) * 986543210, CAST(10000000000 AS HUGEINT)) AS BIGINT)
        - non_fund_fen AS base_fen
      FROM month AS m)
    SELECT *, greatest(0, round_divide(base_fen * 95, 100)) AS paid_fen FROM based
    ORDER BY month, insutype, fixmedins_code`);
  await engine.run(`CREATE TABLE clearing_result AS
    WITH total AS (
      SELECT insutype, fixmedins_code, CAST(sum(cases) AS BIGINT) AS cases, CAST(sum(points4) AS BIGINT) AS points4
        , CAST(sum(cost_fen) AS BIGINT) AS cost_fen, CAST(sum(non_fund_fen) AS BIGINT) AS non_fund_fen
        , CAST(sum(paid_fen) AS BIGINT) AS monthly_paid_fen
      FROM month_result GROUP BY insutype, fixmedins_code)
    , floored AS (
      SELECT t.*, p.budget_fen
        , t.points4 * (CAST(p.budget_fen AS HUGEINT) + p.non_fund_fen) // p.points4 - t.non_fund_fen AS floor_fen
        , t.points4 * (CAST(p.budget_fen AS HUGEINT) + p.non_fund_fen) % p.points4 AS remainder
      FROM total AS t JOIN point_value_result AS p ON p.insutype = t.insutype)
    , ranked AS (
      SELECT *
        , row_number() OVER (PARTITION BY insutype ORDER BY remainder DESC, fixmedins_code) AS place
        , budget_fen - sum(floor_fen) OVER (PARTITION BY insutype) AS fen_left
      FROM floored)
    , due AS (
      SELECT *, CAST(floor_fen + CASE WHEN place <= fen_left THEN 1 ELSE 0 END AS BIGINT) AS due_fen
        , row_number() OVER (ORDER BY insutype, fixmedins_code) AS n
      FROM ranked)
    , assessed AS (
      SELECT *, round_divide(due_fen * (9700 + draw(n, 21) * 300 // 10000), 10000) AS assessed_fen
        , CASE WHEN draw(n, 22) < 4000 THEN draw(n, 23) * 97 ELSE 0 END AS audit_deduction_fen
        , greatest(due_fen, 0) // 1000000 * 30000 AS advance_paid_fen
      FROM due)
    SELECT insutype, fixmedins_code, cases, points4, cost_fen, non_fund_fen, due_fen, assessed_fen
      , assessed_fen - due_fen AS assessment_change_fen, 0 AS other_steps_fen, 0 AS quarter_paid_fen
      , audit_deduction_fen, assessed_fen - audit_deduction_fen AS result_fen, monthly_paid_fen, advance_paid_fen
      , assessed_fen - audit_deduction_fen - monthly_paid_fen - advance_paid_fen AS clearing_cash_fen
    FROM assessed ORDER BY insutype, fixmedins_code`);
  await engine.run(`CREATE TABLE residual_result AS
    SELECT p.insutype, CAST(p.budget_fen - coalesce(sum(c.result_fen), 0) AS BIGINT) AS residual_fen
    FROM point_value_result AS p LEFT JOIN clearing_result AS c ON c.insutype = p.insutype
    GROUP BY p.insutype, p.budget_fen ORDER BY p.insutype`);
  await engine.run(`CREATE TABLE refused_result AS
    SELECT 'settlement_lists/2025.csv' AS file, CAST(range * 37 + 2 AS BIGINT) AS row_no
      , 'R2025' || lpad(CAST(range AS VARCHAR), 6, '0') AS setl_id
      , CASE WHEN range % 5 = 0 THEN '结算ID“R' || CAST(range AS VARCHAR) || '”出现在多份清单上，全部拒收'
          WHEN range % 5 < 3 THEN '机构编号（fixmedins_code）“X' || CAST(range AS VARCHAR) || '”不在 institutions.csv 中'
          ELSE 'setl_id "' || CAST(range AS VARCHAR) || '" stands on several lists' END AS reason
    FROM range(17)`);
  await engine.run(`CREATE TABLE policy_value (parameter VARCHAR, unit VARCHAR, value VARCHAR, scaled BIGINT,
    layer VARCHAR, area VARCHAR, document VARCHAR, article VARCHAR, effective_from VARCHAR,
    title_zh VARCHAR, title_en VARCHAR, document_title_zh VARCHAR, document_title_en VARCHAR)`);
  await engine.append(
    'policy_value',
    PARAMETERS.map((row) => [...row, '参数', 'parameter', '示例文件', 'demo document']),
  );
  return engine;
}

const PLACES = [
  '示例市第一',
  '示例市第二',
  '示例市中医',
  '东港区',
  '西陵区',
  '南屏县',
  '北川县',
  '长青县',
  '桥头镇',
  '柳河镇',
  '石门镇',
  '望江镇',
];

/** Group and mean cost in yuan. The codes are public; the amounts are invented. */
const GROUPS: readonly (readonly [string, bigint])[] = [
  ['I63.9', 9_800n],
  ['J18.9', 5_200n],
  ['I20.0', 8_100n],
  ['K80.1+51.2300', 16_400n],
  ['J44.1', 7_600n],
  ['I25.1', 7_900n],
  ['E11.9', 6_300n],
  ['Z51.1', 5_900n],
  ['H25.9+13.4100+13.7100', 7_200n],
  ['K35.9+47.0100', 12_600n],
  ['I50.9', 8_700n],
  ['M51.2', 5_600n],
  ['O82.0+74.1x01', 8_900n],
  ['N20.1+56.0x00', 13_800n],
  ['S72.0+81.5200', 46_000n],
  ['I63.9+00.6300', 52_000n],
  ['I21.9+36.0601', 43_500n],
  ['C34.9', 14_300n],
  ['K92.2', 9_900n],
  ['J20.9', 3_600n],
  ['G45.9', 6_100n],
  ['K29.5', 4_100n],
  ['N18.5+39.9500', 11_700n],
  ['M17.9+81.5400', 51_000n],
  ['C50.9+85.4303', 24_800n],
  ['J06.9', 2_400n],
  ['A09.9', 2_700n],
  ['K40.9+53.0000', 8_300n],
  ['D25.9+68.2900', 13_200n],
  ['I10', 4_700n],
  ['K35-4', 12_200n],
  ['S82-4', 23_800n],
  ['J18-1', 5_800n],
  ['I63-3', 12_900n],
  ['C34-1', 15_900n],
  ['K80-1', 6_900n],
];

const CODE_NAMES: readonly (readonly [string, string])[] = [
  ['I63.900', '脑梗死'],
  ['J18.900', '肺炎'],
  ['I20.000', '不稳定性心绞痛'],
  ['K80.100', '胆囊结石伴慢性胆囊炎'],
  ['J44.100', '慢性阻塞性肺病伴急性加重'],
  ['I25.100', '动脉硬化性心脏病'],
  ['E11.900', '2型糖尿病'],
  ['Z51.100', '为肿瘤化学治疗疗程'],
  ['H25.900', '老年性白内障'],
  ['K35.900', '急性阑尾炎'],
  ['I50.900', '心力衰竭'],
  ['M51.200', '腰椎间盘突出'],
  ['O82.000', '经选择性剖宫产术的分娩'],
  ['N20.100', '输尿管结石'],
  ['S72.000', '股骨颈骨折'],
  ['I21.900', '急性心肌梗死'],
  ['C34.900', '支气管或肺恶性肿瘤'],
  ['K92.200', '胃肠出血'],
  ['J20.900', '急性支气管炎'],
  ['G45.900', '短暂性脑缺血发作'],
  ['K29.500', '慢性胃炎'],
  ['N18.500', '慢性肾脏病5期'],
  ['M17.900', '膝关节病'],
  ['C50.900', '乳腺恶性肿瘤'],
  ['J06.900', '急性上呼吸道感染'],
  ['A09.900', '胃肠炎'],
  ['K40.900', '腹股沟疝'],
  ['D25.900', '子宫平滑肌瘤'],
  ['I10.x00', '特发性高血压'],
  ['S82.900', '小腿骨折'],
  ['51.2300', '腹腔镜下胆囊切除术'],
  ['13.4100', '白内障晶状体乳化和抽吸'],
  ['13.7100', '眼内人工晶状体置入伴白内障摘出术'],
  ['47.0100', '腹腔镜下阑尾切除术'],
  ['74.1x01', '子宫下段横切口剖宫产术'],
  ['56.0x00', '经尿道输尿管取石术'],
  ['81.5200', '髋关节部分置换'],
  ['00.6300', '颈动脉支架经皮置入术'],
  ['36.0601', '冠状动脉裸支架置入术'],
  ['39.9500', '血液透析'],
  ['81.5400', '全膝关节置换'],
  ['85.4303', '单侧乳腺改良根治术'],
  ['53.0000', '单侧腹股沟疝修补术'],
  ['68.2900', '子宫病损切除术'],
];

const PARAMETERS: readonly (readonly string[])[] = [
  [
    'catalogue.core_threshold',
    'cases',
    '15',
    '15',
    'national',
    '000000',
    'demo-document',
    '第二条',
    '2025-01-01',
  ],
  [
    'clearing.default_assessment',
    'coefficient',
    '1',
    '10000',
    'national',
    '000000',
    'demo-document',
    '第八条',
    '2025-01-01',
  ],
  [
    'coefficient.primary_care',
    'coefficient',
    '1',
    '10000',
    'national',
    '000000',
    'demo-document',
    '第四条',
    '2025-01-01',
  ],
  [
    'deviation.high_ratio',
    'ratio',
    '2',
    '20000',
    'national',
    '000000',
    'demo-document',
    '第五条',
    '2025-01-01',
  ],
  [
    'deviation.low_ratio',
    'ratio',
    '0.5',
    '5000',
    'national',
    '000000',
    'demo-document',
    '第五条',
    '2025-01-01',
  ],
  ['payment.monthly_ratio', 'ratio', '0.95', '9500', 'city', '990100', 'demo-city', '第四条', '2025-01-01'],
  [
    'score.mean_score',
    'points',
    '1000',
    '1000',
    'national',
    '000000',
    'demo-document',
    '第三条',
    '2025-01-01',
  ],
];
