import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Card, Empty, Flex, Form, Input, Rate, Select, Tag, Typography } from 'antd';
import { type ReactNode, useState } from 'react';
import { Link, useParams } from 'react-router';
import type { PersonFileBody } from '#api/contract/person.ts';
import { FAMILY_RELATIONS } from '#api/contract/words.ts';
import { read, withQuery, write } from '../client.ts';
import type { ListAnswer } from '../components/data-table.tsx';
import { FormButton } from '../components/form-button.tsx';
import { Answer, Page, Refusal } from '../components/page.tsx';
import { SettlementInWords } from '../components/settlement-in-words.tsx';
import { EndSharing, NewSharing, SpanFields } from '../components/span-forms.tsx';
import { moment, yuan } from '../format.ts';
import {
  BUSINESS_NAME,
  CONTRIBUTION_STATE_NAME,
  ENTITLEMENT_NAME,
  INSUTYPE_NAME,
  MED_TYPE_NAME,
  MEMO_NAME,
  REQUEST_STATE_NAME,
  SETTLEMENT_KIND_NAME,
  SPAN_NAME,
} from '../insured.ts';
import { nameOf } from '../names.ts';
import { usePreferences, useText } from '../preferences.tsx';
import { EndFiling } from './filings.tsx';
import { limitText, useServiceItems } from './service-requests.tsx';

type Row = Readonly<Record<string, string | number | null>>;

/** What an insured person sees on a telephone: entitlement, account, settlements, family, filings, requests. */
export function OwnFilePage() {
  const say = useText();
  const answer = useQuery({
    queryKey: ['/api/own-file'],
    queryFn: ({ signal }) => read<PersonFileBody>('/api/own-file', signal),
  });
  return (
    <Page title={say({ zh: '我的医保', en: 'My insurance' })}>
      <Answer query={answer}>
        {(person) => (
          <Flex vertical gap={12} style={{ maxWidth: 720 }}>
            <Typography.Text>
              {say({ zh: `${person.psn_name}，您好`, en: `Hello ${person.psn_name}` })}
            </Typography.Text>
            <Section title={say({ zh: '待遇', en: 'Entitlement' })}>
              {person.entitlements.map((one) => (
                <Flex key={one.insutype} vertical gap={2}>
                  <Flex gap={8} align="center" wrap>
                    <b>{say(nameOf(INSUTYPE_NAME, one.insutype))}</b>
                    <Tag color={one.state === 'entitled' ? 'blue' : 'orange'}>
                      {say(nameOf(ENTITLEMENT_NAME, one.state))}
                    </Tag>
                  </Flex>
                  <Typography.Text type="secondary">
                    {say({
                      zh: `${one.from} 起${one.to ? `，至 ${one.to}` : ''}；参保地 ${one.area_code}${one.waiting_until ? `；等待期至 ${one.waiting_until}` : ''}`,
                      en: `from ${one.from}${one.to ? ` to ${one.to}` : ''}; area ${one.area_code}${one.waiting_until ? `; waiting until ${one.waiting_until}` : ''}`,
                    })}
                  </Typography.Text>
                </Flex>
              ))}
              <Figure
                label={say({ zh: `${person.year} 年医疗费`, en: `Fees of ${person.year}` })}
                fen={person.year_medfee_fen}
              />
              <Figure label={say({ zh: '其中基金支付', en: 'Paid by funds' })} fen={person.year_fund_fen} />
              <Figure label={say({ zh: '其中您负担', en: 'You paid' })} fen={person.year_person_fen} />
            </Section>
            <Section title={say({ zh: '个人账户', en: 'Account' })}>
              <Figure label={say({ zh: '余额', en: 'Balance' })} fen={person.balance_fen} isLarge />
              <OwnList
                part="movements"
                none={say({ zh: '账户还没有收支', en: 'The account was not used yet' })}
                line={(row, when) => (
                  <Entry
                    left={when(String(row.at))}
                    detail={
                      row.setl_id ? (
                        <SettlementLink id={String(row.setl_id)} />
                      ) : (
                        say(nameOf(MEMO_NAME, String(row.memo ?? '')))
                      )
                    }
                    fen={row.change_fen}
                  />
                )}
              />
            </Section>
            <Section title={say({ zh: '就诊与结算', en: 'Visits and settlements' })}>
              <OwnList
                part="settlements"
                none={say({ zh: '还没有结算', en: 'Nothing was settled yet' })}
                line={(row) => (
                  <Entry
                    left={
                      <Link to={`/own-file/settlements/${row.setl_id}`}>
                        {row.policy_date} {say(nameOf(MED_TYPE_NAME, String(row.med_type)))}
                      </Link>
                    }
                    detail={
                      <>
                        {row.place}{' '}
                        {row.kind === 'settlement' ? null : (
                          <Tag>{say(nameOf(SETTLEMENT_KIND_NAME, String(row.kind)))}</Tag>
                        )}
                        {row.undone_by ? (
                          <Tag color="orange">{say({ zh: '已冲销', en: 'undone' })}</Tag>
                        ) : null}
                        <br />
                        {say({
                          zh: `医疗费 ${yuan(row.medfee_fen)}，基金 ${yuan(row.fund_fen)}`,
                          en: `fee ${yuan(row.medfee_fen)}, funds ${yuan(row.fund_fen)}`,
                        })}
                      </>
                    }
                    fen={row.person_fen}
                    note={say({ zh: '您负担', en: 'you pay' })}
                  />
                )}
              />
            </Section>
            <Section
              title={say({ zh: '家庭共济', en: 'Family sharing' })}
              action={
                person.entitlements.some(({ insutype }) => insutype === '310') ? (
                  <NewSharing address="/api/own-file/sharings" isOwn />
                ) : null
              }
            >
              <OwnList
                part="sharing"
                none={say({
                  zh: '没有家庭共济。参加职工医保的家庭成员可以把自己的账户给您使用。',
                  en: 'None. Family in the employees’ scheme can let you use their account.',
                })}
                line={(row) => (
                  <Entry
                    left={
                      <>
                        {row.direction === 'mine-for'
                          ? say({
                              zh: `您的账户可供 ${row.psn_name} 使用`,
                              en: `${row.psn_name} may use your account`,
                            })
                          : say({
                              zh: `您可用 ${row.psn_name} 的账户`,
                              en: `You may use the account of ${row.psn_name}`,
                            })}{' '}
                        <Tag>{say(nameOf(SPAN_NAME, String(row.state)))}</Tag>
                      </>
                    }
                    detail={
                      <>
                        {row.relation
                          ? say({
                              zh: `使用人是所有人的${say(nameOf(FAMILY_RELATIONS, String(row.relation)))}；`,
                              en: `the user is the owner’s ${say(nameOf(FAMILY_RELATIONS, String(row.relation)))}; `,
                            })
                          : null}
                        {say({
                          zh: `${row.begndate} 起${row.enddate ? `至 ${row.enddate}` : ''}`,
                          en: `from ${row.begndate}${row.enddate ? ` to ${row.enddate}` : ''}`,
                        })}
                      </>
                    }
                    action={
                      <EndSharing
                        row={row}
                        address={`/api/own-file/sharings/${row.sharing_id}/end`}
                        otherwise={null}
                      />
                    }
                  />
                )}
              />
            </Section>
            <Section title={say({ zh: '缴费', en: 'Contributions' })}>
              <OwnList
                part="contributions"
                none={say({
                  zh: '还没有入账的缴费；缴费后由经办机构入账。',
                  en: 'No contribution was booked yet; the agency books what was paid.',
                })}
                line={(row) => (
                  <Entry
                    left={`${say(nameOf(INSUTYPE_NAME, String(row.insutype)))} ${row.month_from}${row.month_to === row.month_from ? '' : `–${row.month_to}`}`}
                    detail={
                      <>
                        {row.state === 'paid' ? null : (
                          <Tag color="orange">{say(nameOf(CONTRIBUTION_STATE_NAME, String(row.state)))}</Tag>
                        )}
                        {say({
                          zh: `${row.paid_on} 缴；合计 ${yuan(row.total_fen ?? 0)}`,
                          en: `paid on ${row.paid_on}; ${yuan(row.total_fen ?? 0)} in all`,
                        })}
                      </>
                    }
                    fen={row.person_fen}
                    note={say({ zh: '您缴', en: 'you paid' })}
                  />
                )}
              />
            </Section>
            <Section title={say({ zh: '异地就医备案', en: 'Treatment elsewhere' })} action={<OwnFiling />}>
              <OwnList
                part="filings"
                none={say({ zh: '没有备案', en: 'Nothing filed' })}
                line={(row) => (
                  <Entry
                    left={
                      <>
                        {say(nameOf(BUSINESS_NAME, String(row.biz_appy_type)))}{' '}
                        <Tag>{say(nameOf(SPAN_NAME, String(row.state)))}</Tag>
                      </>
                    }
                    detail={say({
                      zh: `${row.begndate} 起${row.enddate ? `至 ${row.enddate}` : ''} ${row.dise_codg ?? ''}`,
                      en: `from ${row.begndate}${row.enddate ? ` to ${row.enddate}` : ''} ${row.dise_codg ?? ''}`,
                    })}
                    action={
                      ['06', '08'].includes(String(row.biz_appy_type)) &&
                      row.state === 'in-force' &&
                      row.enddate === null ? (
                        <EndFiling
                          number={String(row.trt_dcla_detl_sn)}
                          address={`/api/own-file/filings/${row.trt_dcla_detl_sn}/end`}
                        />
                      ) : null
                    }
                  />
                )}
              />
            </Section>
            <OwnRequests />
          </Flex>
        )}
      </Answer>
    </Page>
  );
}

function Section(props: {
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <Card
      size="small"
      title={<h2 style={{ fontSize: 16, margin: 0 }}>{props.title}</h2>}
      extra={props.action}
    >
      <Flex vertical gap={8}>
        {props.children}
      </Flex>
    </Card>
  );
}

function Figure(props: {
  readonly label: string;
  readonly fen: string | number;
  readonly isLarge?: boolean;
}) {
  const say = useText();
  return (
    <Flex justify="space-between" align="baseline">
      <span>{props.label}</span>
      <b className="number" style={props.isLarge ? { fontSize: 22 } : {}}>
        {yuan(props.fen)} {say({ zh: '元', en: 'yuan' })}
      </b>
    </Flex>
  );
}

function Entry(props: {
  readonly left: ReactNode;
  readonly detail?: ReactNode;
  readonly fen?: string | number | null | undefined;
  readonly note?: string;
  readonly action?: ReactNode;
}) {
  return (
    <Flex justify="space-between" gap={12} style={{ padding: '6px 0', borderTop: '1px solid var(--grid)' }}>
      <div style={{ minWidth: 0 }}>
        {props.left}
        <div style={{ color: 'var(--faint-ink)', fontSize: 13, overflowWrap: 'anywhere' }}>
          {props.detail}
        </div>
      </div>
      <div className="number">
        {props.fen === undefined ? null : yuan(props.fen)}
        {props.note ? <div style={{ color: 'var(--faint-ink)', fontSize: 12 }}>{props.note}</div> : null}
        {props.action}
      </div>
    </Flex>
  );
}

const SHOWN = 5;

/** The first rows of a part, then all of them; exported as they are. */
function OwnList(props: {
  readonly part: string;
  readonly none: string;
  readonly line: (row: Row, when: (at: string) => string) => ReactNode;
}) {
  const say = useText();
  const { language } = usePreferences();
  const [size, setSize] = useState(SHOWN);
  const path = `/api/own-file/${props.part}`;
  const answer = useQuery({
    queryKey: [path, size],
    queryFn: ({ signal }) => read<ListAnswer<Row>>(withQuery(path, { size }), signal),
  });
  return (
    <Answer query={answer}>
      {({ rows, total }) =>
        rows.length === 0 ? (
          <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={props.none} />
        ) : (
          <div>
            {rows.map((row) => (
              <div key={Object.values(row).join(' ')}>{props.line(row, (at) => moment(at, language))}</div>
            ))}
            <Flex gap={12} className="no-print" style={{ paddingTop: 8 }}>
              {total > rows.length ? (
                <Button size="small" onClick={() => setSize(PAGE_MAX)}>
                  {say({ zh: `全部 ${total} 条`, en: `All ${total}` })}
                </Button>
              ) : null}
              <a href={`${path}?format=xlsx`}>{say({ zh: '导出 Excel', en: 'Excel' })}</a>
              <a href={`${path}?format=csv`}>{say({ zh: '导出 CSV', en: 'CSV' })}</a>
            </Flex>
          </div>
        )
      }
    </Answer>
  );
}

const PAGE_MAX = 500;

function SettlementLink({ id }: { readonly id: string }) {
  const say = useText();
  return <Link to={`/own-file/settlements/${id}`}>{say({ zh: '看这次结算', en: 'The settlement' })}</Link>;
}

/** Files that one lives or is treated elsewhere. */
function OwnFiling() {
  const say = useText();
  return (
    <FormButton
      size="small"
      kind="primary"
      label={say({ zh: '备案', en: 'File' })}
      title={say({ zh: '异地就医备案', en: 'Treatment elsewhere' })}
      okText={say({ zh: '提交备案', en: 'File it' })}
      name="own-filing"
      done={say({ zh: '已备案', en: 'Filed' })}
      initialValues={{ biz_appy_type: '08' }}
      send={({ enddate, ...values }) =>
        write('POST', '/api/own-file/filings', { ...values, enddate: enddate || null })
      }
    >
      <Form.Item name="biz_appy_type" label={say({ zh: '为何', en: 'Why' })}>
        <Select
          options={[
            { value: '08', label: say({ zh: '长期在外地居住', en: 'I live elsewhere' }) },
            { value: '06', label: say({ zh: '到外地就医', en: 'I am treated elsewhere' }) },
          ]}
        />
      </Form.Item>
      <SpanFields from={say({ zh: '从哪天起（今天或以后）', en: 'From (today or later)' })} />
      <Form.Item name="note" label={say({ zh: '去哪里、为何', en: 'Where to, and why' })}>
        <Input />
      </Form.Item>
    </FormButton>
  );
}

/** What one asked for, and may rate when it has ended. */
function OwnRequests() {
  const say = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const items = useServiceItems();
  const [error, setError] = useState<unknown>();
  const title = (code: string) => {
    const found = items.data?.rows.find((one) => one.code === code);
    return found ? say({ zh: found.zh, en: found.en }) : code;
  };
  const attempt = async (work: () => Promise<unknown>, done: string) => {
    setError(undefined);
    try {
      await work();
      message.success(done);
      await client.invalidateQueries();
    } catch (refused) {
      setError(refused);
    }
  };
  return (
    <Section title={say({ zh: '办事与评价', en: 'Requests' })}>
      {error ? <Refusal error={error} /> : null}
      <Select<string>
        aria-label={say({ zh: '申请一项服务', en: 'Ask for a service' })}
        placeholder={say({ zh: '申请一项服务……', en: 'Ask for a service …' })}
        value={null}
        options={(items.data?.rows ?? [])
          .filter((one) => one.for === 'person')
          .map((one) => ({
            value: one.code,
            label: `${say({ zh: one.zh, en: one.en })}（${say(limitText(one.limit_working_days))}）`,
          }))}
        onSelect={(item) =>
          void attempt(
            () => write('POST', '/api/own-file/requests', { item }),
            say({ zh: '已申请，期限内办结', en: 'Received; it will be done in time' }),
          )
        }
      />
      <OwnList
        part="requests"
        none={say({ zh: '还没有办件', en: 'No requests yet' })}
        line={(row) => (
          <Entry
            left={
              <>
                {title(String(row.item))} <Tag>{say(nameOf(REQUEST_STATE_NAME, String(row.state)))}</Tag>
                {row.overdue === 'yes' ? (
                  <Tag color="orange">{say({ zh: '超期', en: 'overdue' })}</Tag>
                ) : null}
              </>
            }
            detail={
              <>
                {say({
                  zh: `${row.received_on} 受理，期限 ${row.due_on ?? '–'}${row.outcome ? `；${row.outcome}` : ''}`,
                  en: `received ${row.received_on}, due ${row.due_on ?? '–'}${row.outcome ? `; ${row.outcome}` : ''}`,
                })}
                {row.state === 'received' ? null : (
                  <fieldset
                    style={{ border: 0, margin: 0, padding: 0 }}
                    aria-label={say({
                      zh: `评价 ${title(String(row.item))}`,
                      en: `Rate ${title(String(row.item))}`,
                    })}
                  >
                    <Rate
                      {...(row.rating === null ? {} : { value: Number(row.rating), disabled: true })}
                      onChange={(rating) =>
                        void attempt(
                          () => write('POST', `/api/own-file/requests/${row.request_id}/rating`, { rating }),
                          say({ zh: '感谢评价', en: 'Thank you' }),
                        )
                      }
                    />
                  </fieldset>
                )}
              </>
            }
          />
        )}
      />
    </Section>
  );
}

/** One of the person's own settlements, in words. */
export function OwnSettlementPage() {
  const say = useText();
  const { setlId = '' } = useParams();
  const path = `/api/own-settlements/${encodeURIComponent(setlId)}`;
  return (
    <Page title={say({ zh: '这次结算', en: 'This settlement' })}>
      <Link to="/own-file">{say({ zh: '← 回到我的医保', en: '← My insurance' })}</Link>
      <SettlementInWords key={path} path={path} linkTo={(other) => `/own-file/settlements/${other}`} />
    </Page>
  );
}
