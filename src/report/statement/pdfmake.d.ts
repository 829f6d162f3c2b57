/** What statements use of pdfmake, which comes without types. */
declare module 'pdfmake' {
  const pdfmake: {
    setFonts(fonts: unknown): void;
    setUrlAccessPolicy(mayLoad: (url: string) => boolean): void;
    setLocalAccessPolicy(mayRead: (path: string) => boolean): void;
    createPdf(definition: unknown): { getBuffer(): Promise<Uint8Array> };
  };
  export default pdfmake;
}
