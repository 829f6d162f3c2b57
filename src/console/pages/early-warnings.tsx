import { Select } from 'antd';
import { Link, useSearchParams } from 'react-router';
import type { WarningBody } from '#api/contract/fund.ts';
import { withQuery } from '../client.ts';
import { OfInsuredArea } from '../components/area-choice.tsx';
import { DataTable } from '../components/data-table.tsx';
import { HandOver } from '../components/hand-over.tsx';
import { Page } from '../components/page.tsx';
import { yuan } from '../format.ts';
import { IDENTITY_NAME, INSUTYPE_NAME } from '../insured.ts';
import { nameOf } from '../names.ts';
import { useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';
import { options } from './cases.tsx';

const YEARS_BACK = 5;

/** Persons whose own burden of a year passes the line of the policy: a list for civil affairs. */
export function EarlyWarningsPage() {
  const say = useText();
  const may = useMay();
  const [search, setSearch] = useSearchParams();
  const thisYear = new Date().getFullYear();
  const year = search.get('year') ?? String(thisYear - 1);
  return (
    <Page
      title={say({ zh: '高额费用预警', en: 'Early warning' })}
      lead={say({
        zh: '一年个人负担超过政策 warning.burden 的人，供民政等部门核查救助；政策没有写就没有名单。',
        en: 'Who bears more of a year than warning.burden of the policy, for civil affairs. Without that parameter nobody is listed.',
      })}
    >
      <OfInsuredArea>
        {(area, choice) => (
          <DataTable<WarningBody>
            path={withQuery('/api/early-warnings', { area_code: area, year })}
            rowKey={(row) => `${row.file} ${row.insutype}`}
            extra={
              <>
                {choice}
                <Select
                  aria-label={say({ zh: '年度', en: 'Year' })}
                  value={year}
                  options={Array.from({ length: YEARS_BACK }, (_, back) => ({
                    value: String(thisYear - back),
                    label: String(thisYear - back),
                  }))}
                  onChange={(value: string) =>
                    setSearch(
                      (before) => {
                        const next = new URLSearchParams(before);
                        next.set('year', value);
                        return next;
                      },
                      { replace: true },
                    )
                  }
                />
                {may('warning.hand-over') ? (
                  <HandOver
                    button={say({ zh: '移交民政', en: 'Hand over' })}
                    title={say({
                      zh: `移交 ${year} 年预警名单（含个人信息）`,
                      en: `Hand over the list of ${year} (with personal data)`,
                    })}
                    path="/api/early-warnings/hand-over"
                    body={{ area_code: area, year: Number(year) }}
                    reason={say({
                      zh: '移交给谁、依据什么（记入审计日志）',
                      en: 'To whom and why (kept in the audit log)',
                    })}
                  />
                ) : null}
              </>
            }
            empty={say({
              zh: '没有人超过预警线，或政策没有写预警线（warning.burden）。',
              en: 'Nobody passes the line, or the policy has none (warning.burden).',
            })}
            filters={[
              {
                key: 'insutype',
                title: say({ zh: '险种', en: 'Insurance' }),
                options: options(INSUTYPE_NAME, say),
              },
            ]}
            columns={[
              {
                key: 'file',
                title: say({ zh: '档案', en: 'File' }),
                render: (row) => (
                  <Link to={`/persons/${row.file}`}>
                    {row.file} {row.psn_name}
                  </Link>
                ),
              },
              { key: 'certno', title: say({ zh: '证件号码', en: 'Certificate' }) },
              {
                key: 'insutype',
                title: say({ zh: '险种', en: 'Insurance' }),
                render: (row) => say(nameOf(INSUTYPE_NAME, row.insutype)),
              },
              {
                key: 'identities',
                title: say({ zh: '救助身份', en: 'Identities' }),
                render: (row) =>
                  row.identities === ''
                    ? '–'
                    : row.identities
                        .split(' ')
                        .map((name) => say(nameOf(IDENTITY_NAME, name)))
                        .join(say({ zh: '、', en: ', ' })),
              },
              {
                key: 'settlements',
                title: say({ zh: '结算', en: 'Settlements' }),
                kind: 'count',
                sortable: true,
              },
              {
                key: 'medfee_fen',
                title: say({ zh: '医疗费（元）', en: 'Fee (yuan)' }),
                kind: 'yuan',
                sortable: true,
              },
              {
                key: 'fund_fen',
                title: say({ zh: '基金（元）', en: 'Funds (yuan)' }),
                kind: 'yuan',
                sortable: true,
              },
              {
                key: 'burden_fen',
                title: say({ zh: '个人负担（元）', en: 'Own burden (yuan)' }),
                kind: 'yuan',
                sortable: true,
                render: (row) => <b>{yuan(row.burden_fen)}</b>,
              },
              { key: 'line_fen', title: say({ zh: '预警线（元）', en: 'Line (yuan)' }), kind: 'yuan' },
            ]}
          />
        )}
      </OfInsuredArea>
    </Page>
  );
}
