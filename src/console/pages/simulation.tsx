import { LinkOutlined, PlusOutlined } from '@ant-design/icons';
import { App, Button, Card, Empty, Flex, Input, Tabs } from 'antd';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { Answer, Page, Refusal } from '../components/page.tsx';
import {
  type NamedScenario,
  ScenarioEditor,
  SimulationOutcome,
  useRunParameters,
  useSimulation,
} from '../components/scenario.tsx';
import { SCHEME_NAME } from '../names.ts';
import { useText } from '../preferences.tsx';
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
  const navigate = useNavigate();
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
            {({ result }) => (
              <SimulationOutcome
                result={result}
                onInstitution={(code) => navigate(`/institutions/${encodeURIComponent(code)}`)}
              />
            )}
          </Answer>
        </div>
      )}
    </Page>
  );
}
