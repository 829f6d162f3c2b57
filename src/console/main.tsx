import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App as AntApp, ConfigProvider } from 'antd';
import enGB from 'antd/locale/en_GB';
import zhCN from 'antd/locale/zh_CN';
import { StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { answerIn, RequestRefused } from './client.ts';
import { PreferencesProvider, usePreferences } from './preferences.tsx';
import { Console } from './shell.tsx';
import { antTheme } from './theme.ts';
import './style.css';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // a refusal is an answer: only a service that cannot be reached is asked again
      retry: (failures, error) => !(error instanceof RequestRefused) && failures < 2,
      refetchOnWindowFocus: false,
    },
  },
});

// the service writes the nonce of its content security policy here
const nonce = document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? '';

// some controls measure scroll bars with a style element of their own, and pass no nonce on
const createElement = document.createElement.bind(document);
document.createElement = ((tag: string, options?: ElementCreationOptions) => {
  const element = createElement(tag, options);
  if (element instanceof HTMLStyleElement) element.nonce = nonce;
  return element;
}) as typeof document.createElement;

function Root() {
  const { language, brightness } = usePreferences();
  answerIn(language === 'zh' ? 'zh-CN' : 'en');
  useEffect(() => {
    void queries.invalidateQueries({
      predicate: (query) => language !== undefined && query.queryKey[0] !== 'session',
    });
  }, [language]);
  return (
    <ConfigProvider locale={language === 'zh' ? zhCN : enGB} theme={antTheme(brightness)} csp={{ nonce }}>
      <AntApp>
        <BrowserRouter>
          <Console />
        </BrowserRouter>
      </AntApp>
    </ConfigProvider>
  );
}

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <PreferencesProvider>
        <Root />
      </PreferencesProvider>
    </QueryClientProvider>
  </StrictMode>,
);
