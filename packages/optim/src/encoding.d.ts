// Part of every JavaScript engine that has a host; TypeScript declares them only along with the whole DOM or the whole of Node.
declare class TextEncoder {
  encode(text: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label: "utf-8", options: { readonly fatal: boolean });
  decode(bytes: Uint8Array): string;
}
declare function atob(base64: string): string;
