import { Descriptions } from 'antd';
import { Link } from 'react-router';
import type { ApprovalDetail } from '#api/contract/approval.ts';
import type { Carried } from '#api/contract/enrolment.ts';
import { DEEMED_GROUNDS, REFUND_CASE_TITLES } from '#api/contract/words.ts';
import { yuan } from '../format.ts';
import { nameOf } from '../names.ts';
import { type Text, useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';
import { CarriedOver, FileComparison } from './file-comparison.tsx';

/** Kinds of approvals whose content is shown here. */
export const ENROLMENT_KINDS: readonly string[] = ['refund', 'deemed', 'retirement', 'merge'];

type Shown = (value: never) => string | Text;

const RETIREMENT_GROUNDS: Readonly<Record<string, Text>> = {
  age: { zh: '到龄', en: 'by age' },
  'special-work': { zh: '特殊工种', en: 'special work' },
  illness: { zh: '完全丧失劳动能力', en: 'unable to work' },
};
const age = (months: number): Text => ({
  zh: `${Math.floor(months / 12)} 岁 ${months % 12} 个月`,
  en: `${Math.floor(months / 12)} years ${months % 12} months`,
});

/** What is shown of a refund, deemed months or a retirement, in this order: its name, and how its value is written. */
const FIELDS: readonly (readonly [field: string, name: Text, shown?: Shown])[] = [
  ['contributionId', { zh: '缴费编号', en: 'Contribution' }],
  ['reason', { zh: '退费情形', en: 'Case' }, (value: string) => nameOf(REFUND_CASE_TITLES, value)],
  ['year', { zh: '缴费年度', en: 'Year' }],
  ['happenedOn', { zh: '发生日期', en: 'Happened on' }],
  ['because', { zh: '档案依据', en: 'Found in the file' }],
  ['personFen', { zh: '退还个人（元）', en: 'To the person (yuan)' }, yuan as Shown],
  ['subsidyFen', { zh: '退还财政补助（元）', en: 'Subsidy (yuan)' }, yuan as Shown],
  ['assistanceFen', { zh: '退还资助（元）', en: 'Assistance (yuan)' }, yuan as Shown],
  ['unusedMonths', { zh: '未享受月数', en: 'Months not used' }],
  [
    'ground',
    { zh: '认定依据', en: 'Ground' },
    (value: string) => nameOf({ ...DEEMED_GROUNDS, ...RETIREMENT_GROUNDS }, value),
  ],
  ['monthFrom', { zh: '起月', en: 'From month' }],
  ['monthTo', { zh: '止月', en: 'To month' }],
  ['newMonths', { zh: '其中没有缴费的月数', en: 'Months nothing was paid for' }],
  ['retiresOn', { zh: '退休日期', en: 'Retires on' }],
  ['ageMonths', { zh: '退休日年龄', en: 'Age on that day' }, age as Shown],
  ['statutoryMonths', { zh: '法定退休年龄', en: 'Statutory age' }, age as Shown],
  ['countedYears', { zh: '计入年限（年）', en: 'Years counted' }],
  ['neededYears', { zh: '应有年限（年）', en: 'Years needed' }],
  ['actualMonths', { zh: '实际缴费月数', en: 'Months paid' }],
  ['deemedMonths', { zh: '视同缴费月数', en: 'Months deemed' }],
  ['localMonths', { zh: '其中本地月数', en: 'Months paid here' }],
  ['residentMonths', { zh: '居民缴费月数（没有职工缴费的月份）', en: 'Months paid as a resident only' }],
  [
    'residentYearsRatio',
    { zh: '居民年限折算比例', en: 'Share of them that counts' },
    (millionths: number) => `${millionths / 10_000}%`,
  ],
  ['convertedMonths', { zh: '折算为职工月数（取整月）', en: 'Whole months it makes' }],
  ['wageFen', { zh: '补缴工资基数（元/月）', en: 'Wage to pay up on (yuan a month)' }, yuan as Shown],
  ['missingYears', { zh: '还差年限（年）', en: 'Years missing' }],
  ['missingLocalYears', { zh: '还差本地实缴（年）', en: 'Years paid here missing' }],
  ['payUpFen', { zh: '应补缴（元）', en: 'To pay up (yuan)' }, yuan as Shown],
  [
    'payUp',
    { zh: '补缴票据', en: 'Receipt' },
    ({ receipt, paidOn, fen }: { receipt: string; paidOn: string; fen: number }) =>
      `${receipt} · ${paidOn} · ${yuan(fen)}`,
  ],
  ['document', { zh: '证明材料', en: 'Evidence' }],
];

/** A refund, deemed months or a retirement: what was applied for, and what it comes to by the person's file. */
export function EnrolmentContent({ content }: { readonly content: ApprovalDetail['content'] }) {
  const say = useText();
  const may = useMay();
  const person = { zh: '参保人', en: 'Person' };
  return (
    <Descriptions
      size="small"
      column={1}
      bordered
      items={[
        ...(content.file === undefined || !may('person.read')
          ? []
          : [
              {
                key: 'file',
                label: say(person),
                children: <Link to={`/persons/${String(content.file)}`}>{String(content.file)}</Link>,
              },
            ]),
        ...FIELDS.filter(([field]) => content[field] !== undefined && content[field] !== null).map(
          ([field, name, shown]) => {
            const value = shown === undefined ? String(content[field]) : shown(content[field] as never);
            return {
              key: field,
              label: say(name),
              children: typeof value === 'string' ? value : say(value),
            };
          },
        ),
      ]}
    />
  );
}

/** A merge: why, both files side by side while it is open, and what goes over. */
export function MergeContent({ approval, content }: Pick<ApprovalDetail, 'approval' | 'content'>) {
  const say = useText();
  const may = useMay();
  const [from, into] = [Number(content.fromFile), Number(content.intoFile)];
  const isOpen = ['prepared', 'returned'].includes(approval.state);
  return (
    <>
      <Descriptions
        size="small"
        column={1}
        bordered
        items={[
          {
            key: 'files',
            label: say({ zh: '两份档案', en: 'The two files' }),
            children: (
              <>
                <Link to={`/persons/${from}`}>{say({ zh: `档案 ${from}`, en: `file ${from}` })}</Link>
                {say({ zh: ' 并入 ', en: ' into ' })}
                <Link to={`/persons/${into}`}>{say({ zh: `档案 ${into}`, en: `file ${into}` })}</Link>
              </>
            ),
          },
          {
            key: 'reason',
            label: say({ zh: '为何是同一人', en: 'Why they are one person' }),
            children: String(content.reason),
          },
        ]}
      />
      {isOpen && may('person.read') ? (
        <FileComparison from={from} into={into} />
      ) : (
        <CarriedOver carried={content.carried as Carried} balanceFen={Number(content.balanceFen)} />
      )}
    </>
  );
}
