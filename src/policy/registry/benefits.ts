import type { Text } from '#kernel/locale.ts';
import type { TableDefinition } from '#policy/parameters.ts';
import {
  COMPONENTS,
  LAYER_NAMES,
  LAYERS,
  type LayerOfBenefits,
  layerWord,
} from '#policy/registry/benefit-layers.ts';
import type { CellDefinition } from '#policy/table.ts';
import { FAMILY_AREAS, FAMILY_RELATIONS, REFUND_CASE_TITLES } from '#policy/titles.ts';

const table =
  (unit: TableDefinition['unit'], cell: CellDefinition) =>
  (fallback: string | null, zh: string, en: string): TableDefinition => ({
    kind: 'table',
    unit,
    cell,
    fallback,
    title: { zh, en },
  });

const yuan = table('yuan', { kind: 'yuan' });
const limit = table('yuan', { kind: 'yuan', none: true });
const ratio = table('ratio', { kind: 'ratio', minimum: '0', maximum: '1' });
const points = table('ratio', { kind: 'ratio', minimum: '-1', maximum: '1' });
const factor = table('ratio', { kind: 'ratio', minimum: '0', maximum: '10' });
const bands = table('ratio', { kind: 'ratio-bands' });
const name = table('name', { kind: 'name' });
const names = (of: Text) =>
  name(
    'none',
    `本政策另用的${of.zh}名称，逗号分隔`,
    `further names of ${of.en} this policy uses, separated by commas`,
  );
const count = (unit: TableDefinition['unit'], minimum: number, maximum: number) =>
  table(unit, { kind: 'count', minimum, maximum });
const choice = (options: Readonly<Record<string, Text>>) => table('choice', { kind: 'choice', options });
const choices = (options: Readonly<Record<string, Text>>) => table('steps', { kind: 'choices', options });

const yesNo = choice({ yes: { zh: '是', en: 'yes' }, no: { zh: '否', en: 'no' } });
const period = choice({
  year: { zh: '自然年度', en: 'calendar year' },
  quarter: { zh: '季度', en: 'quarter' },
  month: { zh: '月', en: 'month' },
  day: { zh: '日', en: 'day' },
  visit: { zh: '每次就诊', en: 'each visit' },
});
const yearOrVisit = choice({
  year: { zh: '年度累计', en: 'cumulative over the year' },
  visit: { zh: '每次单独', en: 'each visit by itself' },
});
const origin = choice({
  zero: { zh: '段的界限从 0 元算起', en: 'limits of the bands count from zero' },
  threshold: { zh: '段的界限从起付线算起', en: 'limits of the bands count from the threshold' },
});

const GENERAL = {
  'names.levels': names({ zh: '医疗机构等级', en: 'levels' }),
  'names.persons': names({ zh: '人员类别', en: 'classes of persons' }),
  'names.identities': names({ zh: '救助身份', en: 'identities' }),
  'names.members': names({ zh: '补充保障', en: 'further coverage' }),
  'names.deliveries': names({ zh: '生育类别', en: 'kinds of delivery' }),
  'names.circumstances': names({ zh: '特殊情形', en: 'special circumstances' }),
  'names.item_kinds': names({ zh: '项目种类', en: 'kinds of items' }),
  'names.care_forms': names({ zh: '护理形式', en: 'forms of care' }),
  'interface.med_types': name(
    'none',
    '本地另用的医疗类别代码，写作“代码=类别”，逗号分隔，如 61=long-term-care',
    'codes of medical types used locally, as code=care, separated by commas, such as 61=long-term-care',
  ),
  'circumstance.readmission_days': count('days', 0, 365)(
    '0',
    '出院后几天内再次住院算 readmission；0：不由系统判断',
    'an admission within so many days after a discharge is a readmission; 0: the system does not say',
  ),
  'rounding.mode': choice({
    'half-up': { zh: '四舍五入到分', en: 'half up to the fen' },
    down: { zh: '舍去分以下', en: 'down to the fen' },
    up: { zh: '进到分', en: 'up to the fen' },
  })('half-up', '各基金支付额的取整', 'rounding of what a fund pays'),
  'rounding.carry': choice({
    year: {
      zh: '年度累计的段把不足一分的余数带到下一次：分几次结算与一次结算相同',
      en: 'cumulative bands carry the rest below a fen to the next visit, so that splitting a visit changes nothing',
    },
    visit: { zh: '每次单独取整', en: 'each visit is rounded by itself' },
  })('year', '不足一分的余数', 'rests below a fen'),
  'advice.alternatives': choices({
    filing: { zh: '如果办理了备案', en: 'if it had been filed' },
    level: { zh: '如果在其他等级的机构', en: 'if it had been at another level' },
  })('none', '可以告诉参保人的比较', 'comparisons the person may be told'),
} as const;

const LINES = {
  'lines.prior_ratio': ratio(
    '0',
    '明细和目录都没有写时的先行自付比例（按目录类别、项目种类等）',
    'prior self-pay ratio where neither line nor catalogue says one',
  ),
  'lines.ceiling': choice({
    'own-pay': { zh: '超出限价部分自费', en: 'what lies above is self-paid' },
    ignored: { zh: '不限价', en: 'no ceiling' },
  })('own-pay', '最高限价的处理', 'what a price ceiling does'),
  'lines.catalogue': choice({
    applied: { zh: '按目录', en: 'the catalogue holds' },
    lifted: {
      zh: '目录外与限定支付也纳入范围（应急）',
      en: 'items outside the lists are in scope too (emergency mode)',
    },
  })('applied', '目录与审批的效力', 'whether lists and approvals hold'),
  'lines.amount_tolerance': yuan(
    '0.05',
    '明细金额与数量×单价允许的差',
    'difference allowed between a line’s amount and count × price',
  ),
} as const;

const OUT_OF_AREA = {
  'out_of_area.prior_ratio': ratio(
    '0',
    '方式甲：先从范围内费用中自付的比例（S000）',
    'mode A: share of the in-scope fee paid first (S000)',
  ),
  'out_of_area.points_off': ratio('0', '方式乙：支付比例降低的百分点', 'mode B: points taken off the ratio'),
  'out_of_area.ratio_factor': ratio('1', '支付比例所乘的系数', 'factor the ratio is multiplied by'),
} as const;

const BASIC = {
  'basic.payable': yesNo('yes', '统筹基金是否支付', 'whether the pool pays at all'),
  'basic.fund': name(
    'scheme=employee => 310100 ; care=outpatient => 390102 ; 390100',
    '支付基金的编码（fund_pay_type）',
    'code of the fund (fund_pay_type)',
  ),
  'basic.deductible': yuan('0', '起付标准', 'deductible'),
  'basic.deductible_wage_ratio': factor(
    '0',
    '起付标准按工资基数的比例（另加于上项）',
    'deductible as a share of the wage base, added to the amount',
  ),
  'basic.wage_base': yuan('0', '工资基数', 'wage base'),
  'basic.deductible_rounding': choice({
    fen: { zh: '到分', en: 'to the fen' },
    yuan: { zh: '四舍五入到元', en: 'half up to the yuan' },
  })('fen', '起付标准的取整', 'rounding of the deductible'),
  'basic.deductible_factor': factor(
    '1',
    '起付标准所乘的系数（如第二次住院减半）',
    'factor of the deductible, such as one half for the second admission',
  ),
  'basic.deductible_scope': choice({
    visit: { zh: '每次（住院为每次住院）', en: 'each visit or admission' },
    year: {
      zh: '年度累计：已付部分抵扣，以其中最高的标准为限',
      en: 'over the year: what has been paid counts, up to the highest standard met',
    },
  })('visit', '起付标准的范围', 'scope of the deductible'),
  'basic.deductible_year_limit': limit(
    'none',
    '一年各次起付线合计的上限（同一账下）',
    'most that the deductibles of a year add up to, of one account',
  ),
  'basic.deductible_account': name(
    'care=inpatient,day-surgery,home-bed,maternity-inpatient => inpatient ; outpatient',
    '年度起付标准累计在哪个账下；含 {disease} 时每个病种一账',
    'account a yearly deductible is counted in; {disease} makes one for each disease',
  ),
  'basic.deductible_credit': choice({
    none: { zh: '不抵扣', en: 'none' },
    transfer: { zh: '转诊抵扣转出前已付的起付线', en: 'what was paid before the transfer counts' },
  })('none', '转诊时起付线的抵扣', 'credit of the deductible at a transfer'),
  'basic.bands': bands(null, '支付比例，或分段的支付比例', 'reimbursement ratio, or ratios in bands'),
  'basic.band_base': choice({
    year: { zh: '按年度累计进入分段', en: 'cumulative over the year' },
    visit: { zh: '按每次（住院为每次住院）', en: 'each visit or admission by itself' },
  })('visit', '分段的基数', 'what the bands are measured on'),
  'basic.band_origin': origin('zero', '分段的起点', 'where the bands start'),
  'basic.band_account': name(
    'care=inpatient,day-surgery,home-bed,maternity-inpatient => inpatient ; outpatient',
    '分段累计在哪个账下',
    'account the bands are counted in',
  ),
  'basic.points': points('0', '支付比例另加的百分点', 'points added to the ratio'),
  'basic.points_per_year_of_age': points('0', '每一周岁另加的百分点', 'points added for each year of age'),
  'basic.age_counted_from': count('years', 0, 150)('0', '年龄从几岁起计', 'age from which years count'),
  'basic.points_per_enrolled_year': points(
    '0',
    '连续参保每一年另加的百分点',
    'points added for each year of continuous enrolment',
  ),
  'basic.enrolled_years_from': count('count', 0, 100)(
    '0',
    '连续参保满几年后起计',
    'years of enrolment after which years count',
  ),
  'basic.enrolled_points_limit': points('1', '连续参保加分的上限', 'most points for continuous enrolment'),
  'basic.ratio_limit': ratio('1', '支付比例的上限', 'highest ratio'),
  'basic.person_factor': factor(
    '1',
    '个人自付比例所乘的系数（如退休人员 0.6）',
    'factor of the person’s ratio, such as 0.6 for retired persons',
  ),
  'basic.floor_ratio': ratio('0', '保底支付比例', 'floor of the payment as a ratio'),
  'basic.floor_base': choice({
    'total-fee': { zh: '医疗费总额', en: 'total fee' },
    'total-fee-less-deductible': { zh: '医疗费总额减起付线', en: 'total fee less the deductible' },
    'in-scope': { zh: '范围内费用', en: 'in-scope fee' },
    'in-scope-less-deductible': { zh: '范围内费用减起付线', en: 'in-scope fee less the deductible' },
  })('total-fee-less-deductible', '保底比例的基数', 'base of the floor'),
  'basic.quota': limit('none', '定额或限额标准', 'fixed amount or quota'),
  'basic.quota_per': choice({
    visit: { zh: '每次（住院为每次住院）', en: 'each visit or admission' },
    day: { zh: '每日，乘就诊的天数（床日）', en: 'each day, times the days of the visit (bed-day)' },
  })('visit', '标准按次还是按日', 'what the quota is for'),
  'basic.quota_mode': choice({
    limit: { zh: '限额：按比例支付，不超过标准', en: 'limit: paid by ratio, up to the quota' },
    fee: {
      zh: '费用限额：标准以内的费用按比例支付，超出的费用不进入',
      en: 'limit of the fee: fees up to the quota are paid by ratio, the rest does not enter',
    },
    fixed: {
      zh: '定额：不论费用多少按标准支付（不超过范围内费用）',
      en: 'fixed: the quota whatever the fee, up to the in-scope fee',
    },
  })('limit', '定额方式', 'what the quota does'),
  'basic.cap': limit('none', '统筹基金年度封顶线', 'yearly cap of the pool'),
  'basic.cap_of': choice({
    payment: { zh: '基金支付额', en: 'payments of the fund' },
    'in-scope': { zh: '进入统筹的费用', en: 'fee that enters the pool' },
  })('payment', '封顶线限制什么', 'what the cap limits'),
  'basic.cap_account': name('basic', '封顶线累计在哪个账下', 'account of the cap'),
  'basic.care_cap': limit('none', '医疗类别（病种）限额', 'limit of a care type or disease'),
  'basic.care_cap_of': choice({
    payment: { zh: '基金支付额', en: 'payments of the fund' },
    'in-scope': { zh: '进入统筹的费用', en: 'fee that enters the pool' },
  })('payment', '类别限额限制什么', 'what that limit limits'),
  'basic.care_cap_period': period('year', '类别限额的期间', 'period of that limit'),
  'basic.care_cap_account': name(
    'care=chronic => chronic-{disease} ; care=two-disease => two-disease ; care=inpatient,day-surgery,home-bed => inpatient ; care=maternity-inpatient,maternity-outpatient => maternity ; outpatient',
    '类别限额累计在哪个账下；含 {disease} 时每个病种一账',
    'account of that limit; {disease} makes one for each disease',
  ),
} as const;

const ACCOUNT = {
  'account.order': choice({
    last: { zh: '最后支付个人负担', en: 'last, from the person’s share' },
    first: { zh: '先于统筹支付（TA01）', en: 'before the pool (TA01)' },
  })('last', '个人账户的次序', 'when the personal account pays'),
  'account.first_counts_as_deductible': yesNo(
    'no',
    '先行支付的账户金额是否计入起付线',
    'whether what the account pays first counts towards the deductible',
  ),
  'account.pays': choices(COMPONENTS)(
    Object.keys(COMPONENTS).join(' > '),
    '个人账户可以支付个人负担的哪些部分',
    'which parts of the person’s share the account may pay',
  ),
  'account.family': yesNo('yes', '可否使用家庭共济账户', 'whether family sharing may be used'),
  'account.family_relations': choices(FAMILY_RELATIONS)(
    'spouse > parent > child',
    '职工可与哪些家庭成员共济账户',
    'with whom of the family an employee may share the account',
  ),
  'account.family_area': choice(FAMILY_AREAS)(
    'anywhere',
    '家庭成员须在哪里参保才可共济',
    'where the member of the family has to be insured',
  ),
} as const;

const RESIDENCES = {
  registered: { zh: '户籍居民', en: 'registered residents' },
  permit: { zh: '持居住证者', en: 'holders of a residence permit' },
} as const;

const ENTITLEMENT = {
  'waiting.fixed_months': count('months', 0, 60)(
    '0',
    '断保或未在期内参保的固定等待期',
    'fixed waiting period',
  ),
  'waiting.months_per_further_gap_year': count('months', 0, 12)(
    '0',
    '第一年之后每断一年增加的月数',
    'months added for each gap year after the first',
  ),
  'waiting.months_per_repaired_year': count('months', 0, 12)(
    '0',
    '每补缴一年减少的月数',
    'months taken off for each year repaired',
  ),
  'waiting.long_gap_years': count('count', 0, 100)(
    '0',
    '长期断保的年数（0 不设）',
    'years that make a long gap (0: none)',
  ),
  'waiting.long_gap_minimum_months': count('months', 0, 60)(
    '0',
    '长期断保补缴后等待期的下限',
    'least waiting period after a long gap',
  ),
  'waiting.newborn_days': count('days', 0, 366)(
    '0',
    '出生多少天内参保不等待',
    'days after birth without waiting',
  ),
  'waiting.transfer_gap_months': count('months', 0, 24)(
    '0',
    '中断不超过几个月并补缴的不算断保',
    'gap up to which a repaid transfer has no wait',
  ),
  'waiting.transfer_months': count('months', 0, 24)(
    '0',
    '中断更久的转移等待期',
    'waiting period of a longer transfer gap',
  ),
  'waiting.transfer_months_off_repaid': count('months', 0, 24)(
    '0',
    '中断更久而已补缴的，转移等待期减少的月数',
    'months taken off the wait of a longer transfer gap that was repaid',
  ),
  'waiting.switch_years': count('count', 0, 60)(
    '0',
    '职工转居民，此前连续参保满几年的，中断不超过上述月数不等待（0 不设）',
    'years of insurance in a row with which a switch from employees to residents after such a gap has no wait (0: none)',
  ),
  'waiting.window_opens_months_before': count('months', 0, 12)(
    '12',
    '集中参保期自上年末往前几个月开始',
    'months before the new year at which the collection window opens',
  ),
  'waiting.window_closes_month': count('count', 0, 12)(
    '0',
    '集中参保期到当年几月底为止（0：上年末）',
    'month of the year at whose end the window closes (0: the end of the year before)',
  ),
  'waiting.gap_years_from': count('count', 0, 2100)(
    '0',
    '从哪一年起计断保年数（0 不限）',
    'first year that counts as a gap (0: any)',
  ),
  'waiting.employee_start_months': count('months', 0, 12)(
    '0',
    '职工缴费后第几个月起享受（0：当月）',
    'months from an employee’s contribution to its benefits (0: the same month)',
  ),
  'waiting.employee_retro_months': count('months', 0, 24)(
    '0',
    '职工欠缴在几个月内补缴的追溯享受',
    'months within which arrears of an employee are traced back',
  ),
  'waiting.employee_months': count('months', 0, 24)(
    '0',
    '职工中断后的等待期',
    'waiting period of an employee after a gap',
  ),
  'waiting.paid_share': ratio(
    '0',
    '等待期内按正常待遇的几成支付',
    'share of the benefits paid while waiting',
  ),
  'contribution.resident_personal': yuan('0', '居民个人缴费', 'residents’ personal contribution'),
  'contribution.resident_subsidy': yuan('0', '居民财政补助', 'subsidy for residents'),
  'contribution.aid_ratio': ratio(
    '0',
    '个人缴费的资助比例',
    'share of the personal contribution paid by assistance',
  ),
  'contribution.aid_fixed': yuan(
    '0',
    '个人缴费的定额资助',
    'fixed part of the personal contribution paid by assistance',
  ),
  'contribution.employer_ratio': ratio('0', '单位缴费比例', 'employer’s ratio'),
  'contribution.personal_ratio': ratio('0', '职工个人缴费比例', 'employee’s ratio'),
  'contribution.average_wage': yuan('0', '月平均工资', 'average monthly wage'),
  'contribution.base_floor_ratio': factor(
    '0.6',
    '缴费基数下限占平均工资',
    'least base as a share of the average wage',
  ),
  'contribution.base_ceiling_ratio': factor(
    '3',
    '缴费基数上限占平均工资',
    'greatest base as a share of the average wage',
  ),
  'contribution.account_ratio': ratio(
    '0',
    '划入个人账户占缴费基数',
    'share of the base that goes to the account',
  ),
  'contribution.account_fixed': yuan('0', '每月划入个人账户的定额', 'fixed monthly amount of the account'),
  'contribution.years_needed': count('count', 0, 60)(
    '0',
    '退休时终身待遇所需缴费年限',
    'years of contribution for lifetime benefits',
  ),
  'retirement.age_months': count('months', 0, 1200)(
    '0',
    '法定退休年龄（延迟以前）；0：不核对年龄',
    'statutory age of retirement before it was raised; 0: ages are not checked',
  ),
  'retirement.raise_from': name(
    'none',
    '从哪个月（如 2025-01）起达到延迟以前的年龄，开始延迟',
    'month, such as 2025-01, from which those who reach the age before are delayed',
  ),
  'retirement.raise_every_months': count('months', 1, 120)(
    '4',
    '晚几个月达到，就多延迟一个月',
    'months later for each further month of delay',
  ),
  'retirement.raise_limit_months': count('months', 0, 120)('0', '至多延迟多久', 'delay at most'),
  'retirement.early_months': count('months', 0, 120)(
    '0',
    '缴费年限已满的可自愿提前多久，不早于延迟以前的年龄',
    'how much earlier one may choose to go with the years, never below the age before',
  ),
  'retirement.special_work_age_months': count('months', 0, 1200)(
    '0',
    '特殊工种的退休年龄；0：不办',
    'age of retirement after special work; 0: none',
  ),
  'retirement.illness_age_months': count('months', 0, 1200)(
    '0',
    '完全丧失劳动能力的退休年龄；0：不办',
    'age of retirement when unable to work; 0: none',
  ),
  'contribution.local_years_needed': count('count', 0, 60)(
    '0',
    '其中在本统筹区实际缴费的年限',
    'of them years actually paid in this area',
  ),
  'contribution.pay_up_ratio': ratio(
    '0',
    '退休时一次性补足年限的缴费比例',
    'ratio at which missing years are paid up at retirement',
  ),
  'contribution.resident_years_ratio': ratio(
    '0',
    '居民缴费年限折算为职工缴费年限的比例（0 不折算）',
    'share of residents’ years that counts as employees’ years (0: none)',
  ),
  'contribution.subsidised': choices(RESIDENCES)(
    Object.keys(RESIDENCES).join(' > '),
    '哪些居民享受财政补助',
    'which residents the subsidy is for',
  ),
  'contribution.refund_cases': choices(REFUND_CASE_TITLES)(
    Object.keys(REFUND_CASE_TITLES).join(' > '),
    '居民缴费在哪些情形退还',
    'in which cases a resident’s contribution is given back',
  ),
  'contribution.refund_until': choice({
    never: { zh: '不退', en: 'never' },
    start: {
      zh: '待遇享受期开始前（含首日）发生的',
      en: 'what happens before the benefits begin or on their first day',
    },
    year: { zh: '当年内发生的', en: 'what happens within the year' },
  })('start', '多晚发生的仍可退', 'how late what gives reason for it may happen'),
  'contribution.refund_after_claim': yesNo(
    'no',
    '当年已有基金支付是否仍退',
    'whether it is given back although funds paid in the year',
  ),
  'contribution.refund_of': choice({
    whole: { zh: '全额', en: 'the whole' },
    months: { zh: '按未享受的整月', en: 'by the months not begun' },
  })('whole', '退多少', 'how much is given back'),
} as const;

const MATERNITY = {
  'maternity.days': count('days', 0, 400)('0', '产假天数', 'days of leave'),
  'maternity.days_difficult': count('days', 0, 100)(
    '0',
    '难产另加天数',
    'further days for a difficult birth',
  ),
  'maternity.days_per_extra_baby': count('days', 0, 100)(
    '0',
    '多胞胎每多一个另加天数',
    'further days for each extra baby',
  ),
  'maternity.days_extension': count('days', 0, 300)(
    '0',
    '省规定延长的天数',
    'days by which the province extends the leave',
  ),
  'maternity.month_days': count('days', 28, 31)('30', '月工资除以几天', 'days a month’s wage is divided by'),
  'maternity.wage_floor_ratio': factor(
    '0',
    '计发工资下限占平均工资（0 不设）',
    'least wage as a share of the average (0: none)',
  ),
  'maternity.wage_ceiling_ratio': factor(
    '0',
    '计发工资上限占平均工资（0 不设）',
    'greatest wage as a share of the average (0: none)',
  ),
} as const;

const LONG_TERM_CARE = {
  'long_term_care.method': choice({
    none: { zh: '不支付', en: 'not paid' },
    fee: { zh: '按费用的比例，有日限额', en: 'share of the fee, up to a daily limit' },
    month: { zh: '按月标准', en: 'share of a monthly standard' },
    day: { zh: '按日定额', en: 'fixed amount a day' },
  })('none', '长期护理保险的支付方式', 'how long-term care is paid'),
  'long_term_care.fund': name(
    'scheme=employee => 660101 ; 660102',
    '长期护理保险基金的编码',
    'code of the long-term-care fund',
  ),
  'long_term_care.ratio': ratio(null, '支付比例', 'ratio'),
  'long_term_care.day_limit': limit('none', '每日限额', 'daily limit'),
  'long_term_care.day_amount': yuan(null, '每日定额', 'daily amount'),
  'long_term_care.month_base': yuan(null, '月基数', 'monthly base'),
  'long_term_care.disability_ratio': ratio(
    null,
    '失能等级占月基数的比例',
    'share of the monthly base by disability',
  ),
  'long_term_care.limit': limit('none', '期间限额', 'limit of a period'),
  'long_term_care.limit_period': period('month', '期间限额的期间', 'period of that limit'),
} as const;

const INCENTIVE = {
  'catastrophic.incentive_after_years': count('count', 0, 100)(
    '0',
    '连续参保满几年后开始激励（0 不设）',
    'years of continuous enrolment before incentives start (0: none)',
  ),
  'catastrophic.incentive_per_year': yuan(
    '0',
    '此后每多一年提高封顶线',
    'what each further year adds to the cap',
  ),
  'catastrophic.incentive_per_zero_claim_year': yuan(
    '0',
    '基金零报销每一年提高封顶线',
    'what each year without a claim adds to the cap',
  ),
  'catastrophic.zero_claim_funds': name(
    '390100,390102,390200',
    '哪些基金当年付过就不算零报销，逗号分隔',
    'funds that make a year one with a claim when they paid in it, separated by commas',
  ),
  'catastrophic.incentive_limit': limit('none', '激励总额上限', 'most that incentives add'),
  'catastrophic.incentive_limit_ratio': ratio(
    '1',
    '激励总额占原封顶线的上限',
    'most that incentives add, as a share of the cap',
  ),
  'catastrophic.incentive_after_gap': choice({
    reset: { zh: '年数与金额都清零', en: 'years and amounts start again' },
    keep: { zh: '年数重计，已得金额保留', en: 'years start again, what was earned is kept' },
  })('reset', '断保后的激励', 'incentives after a gap'),
} as const;

const EPIDEMIC = {
  'epidemic.advance_months': count('months', 0, 12)(
    '0',
    '向收治机构预拨几个月的基金支付额',
    'months of fund payments advanced to institutions',
  ),
  'epidemic.advance_ratio': ratio('1', '预拨占该额的比例', 'share of that amount advanced'),
} as const;

const WARNING = {
  'warning.burden': limit(
    'none',
    '一年个人负担超过多少列入预警名单（none 不预警）',
    'own burden of a year beyond which a person is on the early-warning list (none: no list)',
  ),
  'warning.counts': choice({
    person: { zh: '个人负担的全部费用', en: 'everything the person bears' },
    'in-scope': {
      zh: '政策范围内的个人负担（不含全自费与超限价）',
      en: 'what the person bears in scope, without what is fully self-paid or above ceilings',
    },
  })('in-scope', '预警比较的个人负担', 'which burden the warning compares'),
} as const;

const CLEARING = {
  'clearing.class': name(
    'care=outpatient => 11 ; care=emergency => 13 ; care=chronic => 14 ; care=two-disease => 15 ; care=special-drug => 18 ; care=pharmacy => 41 ; care=inpatient,maternity-inpatient => 21 ; care=day-surgery => 28 ; care=maternity-outpatient => 53 ; 99',
    '与机构清算的类别（clr_type），取就医地的政策',
    'class of the clearing with the institution (clr_type), by the policy of the treatment area',
  ),
  'clearing.way': name(
    'care=inpatient,day-surgery,maternity-inpatient => 50 ; 1',
    '与机构清算的方式（clr_way），取就医地的政策：1 按项目，40 DRG，50 DIP',
    'way of the clearing with the institution (clr_way), by the policy of the treatment area: 1 by item, 40 DRG, 50 DIP',
  ),
  'reconciliation.refund_flag': choice({
    net: {
      zh: '不论标志，正向与反向都计入（合计为净额）',
      en: 'whatever the flag, settlements and reversals: the sums are net',
    },
    includes: {
      zh: '0 只计正向，1 或空正向与反向都计入',
      en: '0 settlements only, 1 or nothing settlements and reversals',
    },
    only: {
      zh: '0 只计正向，1 只计反向，空都计入',
      en: '0 settlements only, 1 reversals only, nothing both',
    },
  })(
    'includes',
    '3201、3202 的退费结算标志（refd_setl_flag）怎样理解，取就医地的政策',
    'how refd_setl_flag of 3201 and 3202 is read, by the policy of the treatment area',
  ),
} as const;

type LayerField =
  | 'applies'
  | 'fund'
  | 'base'
  | 'base_of'
  | 'threshold'
  | 'threshold_income_ratio'
  | 'income_of'
  | 'threshold_factor'
  | 'threshold_rounding'
  | 'bands'
  | 'band_origin'
  | 'points'
  | 'cap'
  | 'cap_account'
  | 'total_cap';

/** The fields every layer above the basic pool has: `catastrophic.threshold`, `assistance.cap` … */
export const LAYER_FIELDS: readonly LayerField[] = [
  'applies',
  'fund',
  'base',
  'base_of',
  'threshold',
  'threshold_income_ratio',
  'income_of',
  'threshold_factor',
  'threshold_rounding',
  'bands',
  'band_origin',
  'points',
  'cap',
  'cap_account',
  'total_cap',
];

function fieldsOf(layer: LayerOfBenefits): Readonly<Record<LayerField, TableDefinition>> {
  const { title, fund, base, income } = LAYERS[layer];
  const said = (zh: string, en: string): readonly [string, string] => [
    `${title.zh}：${zh}`,
    `${title.en}: ${en}`,
  ];
  return {
    applies: yesNo('no', ...said('是否支付', 'whether it pays')),
    fund: name(fund, ...said('支付基金的编码', 'code of the fund')),
    base: choices(COMPONENTS)(
      base,
      ...said('基数包括个人负担的哪些部分', 'parts of the person’s share in its base'),
    ),
    base_of: yearOrVisit('year', ...said('基数年度累计还是每次', 'whether its base is cumulative')),
    threshold: yuan('0', ...said('起付标准', 'threshold')),
    threshold_income_ratio: factor(
      '0',
      ...said(
        '起付标准占人均（家庭）年收入的比例（另加）',
        'threshold as a share of yearly income, added to the amount',
      ),
    ),
    income_of: choice({
      average: { zh: '人均可支配收入 income.per_head', en: 'income per head, income.per_head' },
      person: {
        zh: '参保人（家庭）的 income，没有时用人均',
        en: 'the person’s own, the average where unknown',
      },
    })(income, ...said('按哪个收入', 'which income')),
    threshold_factor: factor(
      '1',
      ...said('起付标准所乘的系数（倾斜如 0.5）', 'factor of the threshold, such as 0.5 for the poor'),
    ),
    threshold_rounding: choice({
      fen: { zh: '到分', en: 'to the fen' },
      yuan: { zh: '四舍五入到元', en: 'half up to the yuan' },
    })('fen', ...said('起付标准的取整', 'rounding of the threshold')),
    bands: bands(null, ...said('支付比例，或分段的支付比例', 'ratio, or ratios in bands')),
    band_origin: origin('zero', ...said('分段的起点', 'where the bands start')),
    points: points('0', ...said('支付比例另加的百分点', 'points added to the ratio')),
    cap: limit('none', ...said('年度限额', 'yearly limit')),
    cap_account: name(layerWord(layer), ...said('限额累计在哪个账下', 'account of the limit')),
    total_cap: limit('none', ...said('各账合计的年度限额', 'yearly limit of all accounts together')),
  };
}

const LAYERED = Object.fromEntries(
  LAYER_NAMES.flatMap((layer) =>
    Object.entries(fieldsOf(layer)).map(([field, definition]) => [`${layer}.${field}`, definition]),
  ),
) as Readonly<Record<`${LayerOfBenefits}.${LayerField}`, TableDefinition>>;

const ORDER = {
  'layers.order': choices(
    Object.fromEntries(LAYER_NAMES.map((layer) => [layerWord(layer), LAYERS[layer].title])),
  )(LAYER_NAMES.map(layerWord).join(' > '), '各补充层的先后', 'order of the layers above the pool'),
  'income.per_head': yuan('0', '上年人均可支配收入', 'disposable income per head of last year'),
} as const;

/** Parameters of the benefits of persons: tables whose rows may depend on person, place, institution and visit. */
export const BENEFIT_PARAMETERS = {
  ...GENERAL,
  ...LINES,
  ...OUT_OF_AREA,
  ...BASIC,
  ...ORDER,
  ...LAYERED,
  ...INCENTIVE,
  ...ACCOUNT,
  ...ENTITLEMENT,
  ...MATERNITY,
  ...LONG_TERM_CARE,
  ...EPIDEMIC,
  ...WARNING,
  ...CLEARING,
} as const;

export type BenefitParameter = keyof typeof BENEFIT_PARAMETERS;
