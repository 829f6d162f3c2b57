import { Descriptions, Drawer } from 'antd';
import { useState } from 'react';
import type { ParameterRow } from '#api/contract/year.ts';
import { DataTable } from '../components/data-table.tsx';
import { Page } from '../components/page.tsx';
import { usePreferences, useText } from '../preferences.tsx';
import { OfSettledYear } from '../year.tsx';

/** The parameters the settlement used, each with document and article. */
export function ParametersPage() {
  const say = useText();
  const { language } = usePreferences();
  const [open, setOpen] = useState<ParameterRow>();
  return (
    <OfSettledYear>
      {(year) => (
        <Page
          title={say({ zh: '参数与条款', en: 'Parameters and articles' })}
          lead={say({
            zh: '本次结算用到的每个参数：值、单位、生效日期、出处。打开一行看全部。',
            en: 'Every parameter the settlement used: value, unit, date and source.',
          })}
        >
          <DataTable<ParameterRow>
            path={`/api/runs/${year.runId}/parameters`}
            rowKey={(row) => `${row.parameter}/${row.effective_from}/${row.value}`}
            onOpen={setOpen}
            filters={[
              { key: 'parameter', title: say({ zh: '参数名开头', en: 'Name begins' }), search: true },
            ]}
            columns={[
              {
                key: language === 'zh' ? 'title_zh' : 'title_en',
                title: say({ zh: '参数', en: 'Parameter' }),
                sortable: true,
              },
              { key: 'value', title: say({ zh: '值', en: 'Value' }) },
              { key: 'unit', title: say({ zh: '单位', en: 'Unit' }) },
              {
                key: language === 'zh' ? 'document_title_zh' : 'document_title_en',
                title: say({ zh: '文件', en: 'Document' }),
              },
              { key: 'article', title: say({ zh: '条款', en: 'Article' }) },
              { key: 'effective_from', title: say({ zh: '生效', en: 'From' }), sortable: true },
              { key: 'layer', title: say({ zh: '层级', en: 'Layer' }), sortable: true },
              { key: 'parameter', title: say({ zh: '名称', en: 'Name' }), sortable: true },
            ]}
          />
          <Drawer
            open={open !== undefined}
            onClose={() => setOpen(undefined)}
            size={520}
            title={open?.parameter}
          >
            {open ? (
              <Descriptions
                column={1}
                bordered
                size="small"
                items={[
                  {
                    key: 'title',
                    label: say({ zh: '参数', en: 'Parameter' }),
                    children: language === 'zh' ? open.title_zh : open.title_en,
                  },
                  { key: 'value', label: say({ zh: '值', en: 'Value' }), children: open.value ?? '–' },
                  { key: 'unit', label: say({ zh: '单位', en: 'Unit' }), children: open.unit },
                  {
                    key: 'from',
                    label: say({ zh: '生效', en: 'In force from' }),
                    children: open.effective_from ?? '–',
                  },
                  {
                    key: 'document',
                    label: say({ zh: '文件', en: 'Document' }),
                    children:
                      (language === 'zh' ? open.document_title_zh : open.document_title_en) ??
                      open.document ??
                      '–',
                  },
                  {
                    key: 'article',
                    label: say({ zh: '条款', en: 'Article' }),
                    children: open.article ?? '–',
                  },
                  { key: 'layer', label: say({ zh: '层级', en: 'Layer' }), children: open.layer ?? '–' },
                ]}
              />
            ) : null}
          </Drawer>
        </Page>
      )}
    </OfSettledYear>
  );
}
