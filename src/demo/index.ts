export { type DemoOptions, type DemoSummary, generateDemoArea } from './generate.ts';
export { generateNationalForm, type NationalFormOptions } from './national/generate-national-form.ts';
