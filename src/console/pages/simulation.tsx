import { DeleteOutlined, LinkOutlined, PlusOutlined, SaveOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Card, Empty, Flex, Input, Modal, Popconfirm, Tabs } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { SimulationRow } from '#api/contract/simulation.ts';
import { write } from '../client.ts';
import { DataTable } from '../components/data-table.tsx';
import { Answer, Page, Refusal } from '../components/page.tsx';
import {
  budgetTitle,
  type NamedScenario,
  ScenarioEditor,
  SimulationOutcome,
  useRunParameters,
  useSimulation,
  withChanges,
} from '../components/scenario.tsx';
import { moment } from '../format.ts';
import { SCHEME_NAME } from '../names.ts';
import { usePreferences, useText } from '../preferences.tsx';
import { useSession } from '../session.tsx';
import { OfSettledYear, type SettledYear } from '../year.tsx';

const SCENARIOS_MAX = 8;

/** What the year would be under other parameters and budgets, scenarios side by side. */
export function SimulationPage() {
  return <OfSettledYear>{(year) => <SimulationOf year={year} />}</OfSettledYear>;
}

/** The scenarios stand in the address, `?s=["A",{"budget.390":"+3%"}]`, so that they can be sent to a colleague. */
function scenariosIn(search: URLSearchParams): NamedScenario[] {
  const found = search.getAll('s').flatMap((text): NamedScenario[] => {
    try {
      const [name, set] = JSON.parse(text) as [unknown, unknown];
      if (typeof name !== 'string' || typeof set !== 'object' || set === null) return [];
      return [
        { name, set: Object.fromEntries(Object.entries(set).map(([key, value]) => [key, String(value)])) },
      ];
    } catch {
      // an address that somebody has cut short
      return [];
    }
  });
  return found.length === 0 ? [{ name: 'A', set: {} }] : found.slice(0, SCENARIOS_MAX);
}

function SimulationOf({ year }: { readonly year: SettledYear }) {
  const say = useText();
  const { message } = App.useApp();
  const [search, setSearch] = useSearchParams();
  const scenarios = scenariosIn(search);
  const [active, setActive] = useState('0');
  const parameters = useRunParameters(year.runId);
  const simulation = useSimulation(year.runId, scenarios);
  const keep = (next: readonly NamedScenario[]) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        after.delete('s');
        for (const { name, set } of next) after.append('s', JSON.stringify([name, set]));
        return after;
      },
      { replace: true },
    );
  const change = (index: number, scenario: NamedScenario) =>
    keep(scenarios.map((one, each) => (each === index ? scenario : one)));
  const add = () => {
    const letter = [...'ABCDEFGHIJ'].find((one) => scenarios.every(({ name }) => name !== one)) ?? 'Z';
    keep([...scenarios, { name: letter, set: scenarios.at(-1)?.set ?? {} }]);
    setActive(String(scenarios.length));
  };
  const share = async () => {
    try {
      await navigator.clipboard.writeText(window.location.href);
      message.success(say({ zh: '链接已复制', en: 'Link copied' }));
    } catch {
      message.info(say({ zh: '请复制地址栏的链接', en: 'Copy the address from the address bar' }));
    }
  };
  const isEmpty = scenarios.every(({ set }) => Object.keys(set).length === 0);
  return (
    <Page
      title={say({ zh: '政策试算', en: 'Simulation' })}
      lead={say({
        zh: '改参数或预算，看本年度会怎样。机构行为视为不变；结果是假设，不改变任何结算。',
        en: 'Change parameters or budgets and see the year. Behaviour is taken as unchanged; nothing is settled.',
      })}
      actions={
        <>
          <KeepButton runId={year.runId} scenarios={withChanges(scenarios)} />
          <Button icon={<LinkOutlined />} onClick={() => void share()}>
            {say({ zh: '复制链接', en: 'Copy link' })}
          </Button>
          <Button onClick={() => window.print()}>{say({ zh: '打印', en: 'Print' })}</Button>
        </>
      }
    >
      <Answer query={parameters}>
        {(rows) => (
          <Card
            size="small"
            className="no-print"
            title={say({ zh: '方案', en: 'Scenarios' })}
            extra={
              scenarios.length < SCENARIOS_MAX ? (
                <Button size="small" icon={<PlusOutlined />} onClick={add}>
                  {say({ zh: '加一个方案', en: 'Add a scenario' })}
                </Button>
              ) : null
            }
          >
            <Tabs
              activeKey={active}
              onChange={setActive}
              items={scenarios.map((scenario, index) => ({
                key: String(index),
                label: say({ zh: `方案 ${scenario.name}`, en: `Scenario ${scenario.name}` }),
                children: (
                  <Flex vertical gap={8}>
                    <Flex gap={8} align="center">
                      <Input
                        aria-label={say({ zh: '方案名称', en: 'Name of the scenario' })}
                        style={{ width: 200 }}
                        maxLength={40}
                        defaultValue={scenario.name}
                        key={scenario.name}
                        onBlur={(event) => {
                          const name = event.target.value.replaceAll(/[^\p{L}\p{N}_-]/gu, '');
                          if (name !== '' && scenarios.every((one) => one.name !== name))
                            change(index, { ...scenario, name });
                        }}
                        onPressEnter={(event) => event.currentTarget.blur()}
                      />
                      {scenarios.length > 1 ? (
                        <Button
                          onClick={() => {
                            keep(scenarios.filter((_, each) => each !== index));
                            setActive('0');
                          }}
                        >
                          {say({ zh: '删去方案', en: 'Remove' })}
                        </Button>
                      ) : null}
                    </Flex>
                    <ScenarioEditor
                      parameters={rows}
                      schemes={Object.keys(SCHEME_NAME)}
                      sets={scenario.set}
                      onChange={(set) => change(index, { ...scenario, set })}
                    />
                  </Flex>
                ),
              }))}
            />
          </Card>
        )}
      </Answer>
      {isEmpty ? (
        <Empty
          image={Empty.PRESENTED_IMAGE_SIMPLE}
          description={say({
            zh: '移动一个滑块，或查找一个参数，结果就显示在这里。',
            en: 'Move a slider or look up a parameter; the result appears here.',
          })}
        />
      ) : simulation.error ? (
        <Refusal error={simulation.error} retry={simulation.refetch} />
      ) : (
        <div aria-busy={simulation.isFetching} style={{ opacity: simulation.isFetching ? 0.6 : 1 }}>
          <Answer query={simulation}>
            {({ result }) => <SimulationOutcome runId={year.runId} scenarios={scenarios} result={result} />}
          </Answer>
        </div>
      )}
      <KeptSimulations runId={year.runId} onOpen={keep} />
    </Page>
  );
}

const keptPath = (runId: number): string => `/api/runs/${runId}/simulations`;

/** Keeps the scenarios on screen under a name, for everybody who simulates. */
function KeepButton(props: { readonly runId: number; readonly scenarios: readonly NamedScenario[] }) {
  const { runId, scenarios } = props;
  const say = useText();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [title, setTitle] = useState<string>();
  const keep = useMutation({
    mutationFn: (keepAs: string) => write('POST', keptPath(runId), { scenarios, keepAs }),
    onSuccess: async () => {
      setTitle(undefined);
      message.success(say({ zh: '已保存，见页末列表', en: 'Kept: see the list at the end of the page' }));
      await client.invalidateQueries({ queryKey: [keptPath(runId)] });
    },
  });
  const name = title?.trim() ?? '';
  return (
    <>
      <Button icon={<SaveOutlined />} disabled={scenarios.length === 0} onClick={() => setTitle('')}>
        {say({ zh: '保存方案', en: 'Keep scenarios' })}
      </Button>
      <Modal
        open={title !== undefined}
        title={say({ zh: '保存方案', en: 'Keep scenarios' })}
        okText={say({ zh: '保存', en: 'Keep' })}
        okButtonProps={{ disabled: name === '', loading: keep.isPending }}
        onOk={() => keep.mutate(name)}
        onCancel={() => setTitle(undefined)}
      >
        <Flex vertical gap={8}>
          <Input
            aria-label={say({ zh: '名称', en: 'Name' })}
            placeholder={say({
              zh: '名称，如：2026 年预算建议',
              en: 'A name, such as: proposed budget of 2026',
            })}
            maxLength={200}
            value={title ?? ''}
            onChange={(event) => setTitle(event.target.value)}
            onPressEnter={() => {
              if (name !== '') keep.mutate(name);
            }}
          />
          {keep.error ? <Refusal error={keep.error} /> : null}
        </Flex>
      </Modal>
    </>
  );
}

/** What was kept of this year; it opens again on the settlement in force, and goes when who kept it says so. */
function KeptSimulations(props: {
  readonly runId: number;
  readonly onOpen: (scenarios: readonly NamedScenario[]) => void;
}) {
  const { runId, onOpen } = props;
  const say = useText();
  const { language } = usePreferences();
  const { login } = useSession();
  const { message } = App.useApp();
  const client = useQueryClient();
  const path = keptPath(runId);
  const remove = useMutation({
    mutationFn: (row: SimulationRow) => write('DELETE', `/api/runs/${row.runId}/simulations/${row.id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: [path] }),
    onError: (error) => message.error(error.message),
  });
  return (
    <Card size="small" className="no-print" title={say({ zh: '保存的试算', en: 'Kept simulations' })}>
      <DataTable<SimulationRow>
        path={path}
        prefix="kept_"
        rowKey={({ id }) => String(id)}
        filters={[{ key: 'title', title: say({ zh: '名称', en: 'Name' }), search: true }]}
        empty={say({
          zh: '还没有保存的试算：改好方案后点“保存方案”。',
          en: 'Nothing kept yet: change a scenario, then “Keep scenarios”.',
        })}
        onOpen={(row) => {
          onOpen(JSON.parse(row.scenarios) as NamedScenario[]);
          window.scrollTo({ top: 0 });
        }}
        columns={[
          { key: 'title', title: say({ zh: '名称', en: 'Name' }), sortable: true },
          {
            key: 'scenarios',
            title: say({ zh: '方案', en: 'Scenarios' }),
            render: (row) => (
              <ScenarioWords runId={runId} scenarios={JSON.parse(row.scenarios) as NamedScenario[]} />
            ),
          },
          { key: 'createdBy', title: say({ zh: '保存人', en: 'Kept by' }), sortable: true },
          {
            key: 'createdAt',
            title: say({ zh: '保存时间', en: 'Kept at' }),
            sortable: true,
            render: (row) => moment(row.createdAt, language),
          },
          {
            key: 'delete',
            title: '',
            render: (row) =>
              row.createdBy === login ? (
                <Popconfirm
                  title={say({ zh: '删除这次试算？', en: 'Delete this simulation?' })}
                  okText={say({ zh: '删除', en: 'Delete' })}
                  onConfirm={() => remove.mutateAsync(row).catch(() => {})}
                >
                  <Button size="small" type="text" icon={<DeleteOutlined />}>
                    {say({ zh: '删除', en: 'Delete' })}
                  </Button>
                </Popconfirm>
              ) : null,
          },
        ]}
      />
    </Card>
  );
}

function ScenarioWords(props: { readonly runId: number; readonly scenarios: readonly NamedScenario[] }) {
  const { runId, scenarios } = props;
  const say = useText();
  const { data: parameters = [] } = useRunParameters(runId);
  const titleOf = (name: string) => {
    const row = parameters.find(({ parameter }) => parameter === name);
    if (row) return say({ zh: row.title_zh, en: row.title_en });
    const [kind, scheme] = name.split('.');
    return kind === 'budget' ? budgetTitle(scheme, say) : name;
  };
  return (
    <>
      {scenarios.map(({ name, set }) => (
        <div key={name}>
          <b>{name}</b>：
          {Object.entries(set)
            .map(([parameter, value]) => `${titleOf(parameter)} ${value}`)
            .join('，')}
        </div>
      ))}
    </>
  );
}
