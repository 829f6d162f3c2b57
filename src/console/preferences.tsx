import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';

/** One text in both languages, Chinese first. */
export type Text = { readonly zh: string; readonly en: string };
export type Language = 'zh' | 'en';
export type Brightness = 'light' | 'dark';

type Preferences = {
  readonly language: Language;
  readonly brightness: Brightness;
  readonly setLanguage: (language: Language) => void;
  readonly setBrightness: (brightness: Brightness) => void;
};

const PreferencesContext = createContext<Preferences | undefined>(undefined);

/** Language and brightness of this browser: Chinese unless the browser prefers English, light unless it prefers dark. */
export function PreferencesProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useStored<Language>('yibao.language', () =>
    navigator.language.startsWith('en') ? 'en' : 'zh',
  );
  const [brightness, setBrightness] = useStored<Brightness>('yibao.brightness', () =>
    window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
  );
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.documentElement.dataset.brightness = brightness;
  }, [language, brightness]);
  const value = useMemo(
    () => ({ language, brightness, setLanguage, setBrightness }),
    [language, brightness, setLanguage, setBrightness],
  );
  return <PreferencesContext value={value}>{children}</PreferencesContext>;
}

export function usePreferences(): Preferences {
  const preferences = useContext(PreferencesContext);
  if (preferences === undefined) throw new Error('usePreferences outside of PreferencesProvider');
  return preferences;
}

export type Say = (text: Text | string) => string;

/** Gives the function that says a text in the language of the page. */
export function useText(): Say {
  const { language } = usePreferences();
  return useMemo(
    () => (text: Text | string) => (typeof text === 'string' ? text : text[language]),
    [language],
  );
}

function useStored<Value extends string>(key: string, initial: () => Value): [Value, (value: Value) => void] {
  const [value, setValue] = useState<Value>(() => (localStorage.getItem(key) as Value | null) ?? initial());
  const store = useMemo(
    () => (next: Value) => {
      localStorage.setItem(key, next);
      setValue(next);
    },
    [key],
  );
  return [value, store];
}
