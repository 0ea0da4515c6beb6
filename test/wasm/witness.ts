import wabt from "wabt";

const { readWasm, parseWat } = await wabt();

const FEATURES = { simd: true, relaxed_simd: true, sat_float_to_int: true, bulk_memory: true } as const;

/** What another implementation reads in a module, after it has found it valid. */
export function disassembled(bytes: Uint8Array): string {
  const module = readWasm(bytes, FEATURES);
  try {
    module.validate();
    return module.toText({ foldExprs: false, inlineExport: false });
  } finally {
    module.destroy();
  }
}

/** The functions' texts, in their order. */
export function functionTexts(bytes: Uint8Array): string[] {
  return disassembled(bytes).split("(func (;").slice(1);
}

/** The bytes that another implementation writes for a text. */
export function assembled(text: string): Uint8Array {
  const module = parseWat("test.wat", text, FEATURES);
  try {
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}
