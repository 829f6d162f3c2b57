import type { Text } from '#kernel/locale.ts';

/** On what grounds months count as if they had been paid. */
export const DEEMED_GROUNDS = {
  'before-scheme': { zh: '职工医保建立前的连续工龄', en: 'work before the scheme began' },
  military: { zh: '军龄', en: 'military service' },
  'public-service': { zh: '机关事业单位工作年限', en: 'service in public institutions' },
  other: { zh: '其他国家或省规定', en: 'another rule of state or province' },
} as const satisfies Readonly<Record<string, Text>>;

/** Why a span waits, or after a transfer does not. */
export const WAIT_REASONS = {
  late: { zh: '未在集中参保期内缴费', en: 'paid outside the window' },
  gap: { zh: '断保', en: 'a gap' },
  transfer: { zh: '转移接续', en: 'a transfer or switch' },
} as const satisfies Readonly<Record<string, Text>>;

/** What tax bureau, treasury and agency can disagree on, and what is done about it. */
export const DIFFERENCES = {
  'missing-at-tax': {
    zh: '税务没有',
    en: 'not at the tax bureau',
    next: {
      zh: '向税务索取这张票据的征收明细并导入；税务没有收过的，核对国库入账或经办入账的票据号。',
      en: 'Ask the tax bureau for the receipt and land it; if it never collected it, check the number of the receipt.',
    },
  },
  'missing-at-treasury': {
    zh: '国库没有',
    en: 'not at the treasury',
    next: {
      zh: '核对是否在途：导入下一期国库入账后再对账；仍没有的，请税务查缴款书。',
      en: 'It may be on its way: land the treasury’s next file and reconcile again, else ask the tax bureau.',
    },
  },
  'missing-at-agency': {
    zh: '经办机构没有',
    en: 'not at the agency',
    next: {
      zh: '把征收明细入账；没有档案的人先归档，再入账一次。',
      en: 'Book the collected contributions; somebody without a file gets one first, then book again.',
    },
  },
  'amount-differs': {
    zh: '金额不同',
    en: 'amounts differ',
    next: {
      zh: '看三方各自的行：少收、错录由税务更正后重新导入；经办入账有误的退费后另行入账。',
      en: 'Look at the rows of each side: the tax bureau corrects and sends again, a wrong booking is refunded and booked anew.',
    },
  },
  'person-unknown': {
    zh: '没有档案',
    en: 'nobody has the certificate',
    next: {
      zh: '在参保人中查证件号码：号码写错的由税务更正，没有档案的导入其户籍后再入账。',
      en: 'Look the certificate up: the tax bureau corrects a wrong one, a person without a file is landed, then book again.',
    },
  },
  'person-differs': {
    zh: '记在另一人名下',
    en: 'booked for another person',
    next: {
      zh: '核对两份档案：是同一人的合并档案，不是的由税务更正证件号码。',
      en: 'Compare the two files: merge them if they are one person, else the tax bureau corrects the certificate.',
    },
  },
  'months-differ': {
    zh: '所属期不同',
    en: 'months differ',
    next: {
      zh: '以税务的费款所属期为准核对；它决定参保期与计入月数。',
      en: 'Check the months against the tax bureau’s: spans and counted months follow from them.',
    },
  },
  twice: {
    zh: '同一票据重复',
    en: 'one receipt twice',
    next: {
      zh: '请重复的一方更正；多收的按重复缴费退费。',
      en: 'The side that has it twice corrects it; what was collected twice is refunded.',
    },
  },
  'refund-differs': {
    zh: '退费不同',
    en: 'refunds differ',
    next: {
      zh: '看三方退费的日期与金额：经办已批准而未退库的催办退库，税务、国库多退或错退的由其更正。',
      en: 'Compare day and amount of each side: press for what was approved and not paid back; the other side corrects what it paid by mistake.',
    },
  },
  'without-receipt': {
    zh: '经办机构入账没有票据',
    en: 'booked by the agency without a receipt',
    next: {
      zh: '找到这笔缴费的税务票据；没有票据的是上线前的记录，按原账核实。',
      en: 'Find its receipt at the tax bureau; a record from before the service is checked against the old books.',
    },
  },
  'subsidy-differs': {
    zh: '补助与资助合计不同',
    en: 'subsidy and assistance differ',
    next: {
      zh: '逐张核对下列票据的补助与资助；身份补认、退费会使应补数变化，与财政、民政结算差额。',
      en: 'Compare the receipts below: identities and refunds change what is due; settle the rest with finance and civil affairs.',
    },
  },
} as const satisfies Readonly<Record<string, Text & { readonly next: Text }>>;
export type DifferenceKind = keyof typeof DIFFERENCES;
/** What goes over to the file that goes on. */
export const CARRIED_KINDS = {
  certificates: { zh: '证件', en: 'certificates' },
  spans: { zh: '参保期', en: 'enrolment spans' },
  identities: { zh: '救助身份', en: 'identities' },
  contributions: { zh: '缴费', en: 'contributions' },
  filings: { zh: '备案', en: 'filings' },
  contacts: { zh: '电话与住址', en: 'phones and addresses' },
  sharings: { zh: '家庭共济', en: 'family sharing' },
  accumulators: { zh: '年度累计（相加）', en: 'accumulators (added up)' },
  settlements: {
    zh: '结算（留在原编号下，一并计入）',
    en: 'settlements (stay under their number and count)',
  },
} as const satisfies Readonly<Record<string, Text>>;
