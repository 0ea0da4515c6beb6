import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseNpy, readNpy, toNpy, writeNpy } from "../../src/data/index.ts";
import { ArgumentError, add, fromData, grad, ShapeError, sum, type Tensor, tensor } from "../../src/index.ts";
import { caseOf } from "../support/fixtures.ts";
import { bytesOf, NUMPY } from "./numpy.ts";
import { folder, hexOf, refusal } from "./support.ts";

const temporary = folder();

describe("what NumPy wrote", () => {
  test.each(Object.entries(NUMPY.read))("%s is read to the bit", (_, written) => {
    const x = parseNpy(bytesOf(written));
    expect(x.dtype).toBe(written.dtype);
    expect(x.shape).toEqual(written.shape);
    expect(hexOf(x)).toBe(written.hex);
  });

  test.each(Object.entries(NUMPY.refused))("%s is refused with the reason", (name, written) => {
    const error = refusal(() => parseNpy(bytesOf(written), { name: "a.npy" }));
    expect(error.file).toBe("a.npy");
    expect(error.message).toContain(written.why);
    expect(error.offset, name).toBe(written.offset);
  });

  test("wherever the bytes begin", () => {
    const { float64 } = NUMPY.read;
    const bytes = bytesOf(float64!);
    for (const shift of [1, 2, 4]) {
      const moved = new Uint8Array(bytes.length + shift);
      moved.set(bytes, shift);
      expect(hexOf(parseNpy(moved.subarray(shift)))).toBe(float64!.hex);
    }
    const { buffer } = bytes;
    for (const given of [buffer, new DataView(buffer), Buffer.from(bytes)]) {
      expect(hexOf(parseNpy(given))).toBe(float64!.hex);
    }
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    expect(hexOf(parseNpy(shared))).toBe(float64!.hex);
  });
});

describe("what we write", () => {
  // NumPy's own bytes of what comes out of it as it went in: no wider kind, C's order, this byte order, version 1.
  const same = Object.entries(NUMPY.read).filter(
    ([, { python }]) => !/'u\d'\)\)|'i[128]'|'f2'|'>|F'|fortran|version/.test(python),
  );

  test("that there are enough of them", () => {
    expect(same.map(([name]) => name)).toEqual([
      "float64",
      "float32",
      "int32",
      "bool",
      "zero-size",
      "zero-size int32",
      "rank 0",
      "rank 0 bool",
      "one element",
      "rank 6",
      "header that fills",
    ]);
  });

  test.each(same)("%s is NumPy's to the byte", (_, written) => {
    const bytes = bytesOf(written);
    expect(Buffer.from(toNpy(parseNpy(bytes))).equals(bytes)).toBe(true);
  });

  test("anything comes back to the bit", () => {
    const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(
        shape,
        fc.constantFrom("float64", "float32", "int32", "bool"),
        fc.infiniteStream(fc.double()),
        (sizes, dtype, numbers) => {
          const size = sizes.reduce((a, b) => a * b, 1);
          const values = [...numbers.take(size)];
          const data =
            dtype === "float64"
              ? Float64Array.from(values)
              : dtype === "float32"
                ? Float32Array.from(values)
                : dtype === "int32"
                  ? Int32Array.from(values)
                  : Uint8Array.from(values, (v) => (v > 0 ? 1 : 0));
          const x = fromData(sizes, dtype, data);
          const again = parseNpy(toNpy(x));
          expect(again.shape).toEqual(x.shape);
          expect(again.dtype).toBe(dtype);
          expect(hexOf(again)).toBe(hexOf(x));
        },
      ),
    );
  });

  test("a file comes back to the bit, every kind of NaN included", async () => {
    const bits = Uint32Array.of(0x7fc00000, 0x7f800001, 0xffffffff, 0x80000000, 0xff800000, 1);
    const x = fromData([2, 3], "float32", new Float32Array(bits.buffer));
    const file = `${temporary.path}/bits.npy`;
    await writeNpy(file, x);
    expect(hexOf(await readNpy(file))).toBe(hexOf(x));
    // In place of what is there, though it be longer.
    await writeNpy(file, tensor(1));
    expect((await readNpy(file)).item()).toBe(1);
  });

  test("BR-235: parameters keep their bits", () => {
    const { input, expected } = caseOf("serialization", "BR-235");
    const x = tensor(Float32Array.from(input["values"] as number[]));
    const again = parseNpy(toNpy(x));
    const bits = Array.from(new Uint32Array(again.toTypedArray().buffer), (word) => `0x${word.toString(16)}`);
    expect(bits).toEqual(expected["float32_bits"]);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(parseNpy(toNpy(tensor(value))).item()).toBe(value);
    }
  });

  test("what is on a tape is written as the numbers it is", () => {
    grad((x: Tensor) => {
      expect(parseNpy(toNpy(add(x, 1))).toArray()).toEqual([2, 3]);
      return sum(x);
    })(tensor([1, 2]));
    expect.assertions(1);
  });

  test("only tensors, and of axes that NumPy has", () => {
    expect(() => toNpy([1, 2] as never)).toThrow(ArgumentError);
    expect(() => toNpy(1 as never)).toThrow(ArgumentError);
    const x = fromData(new Array<number>(65).fill(1), "float64", Float64Array.of(1));
    expect(() => toNpy(x)).toThrow(ShapeError);
  });
});

describe("headers that others write", () => {
  /** A float64 of 1 element a shape of [1], or as the dict says. */
  function npy(dict: string, numbers = 8): Uint8Array {
    const bytes = Buffer.alloc(10 + dict.length + numbers);
    bytes.write("\x93NUMPY\x01\x00", "latin1");
    bytes.writeUInt16LE(dict.length, 8);
    bytes.write(dict, 10, "latin1");
    return Uint8Array.from(bytes);
  }

  // All of these are what Python's ast.literal_eval makes the same dict of.
  test.each([
    "{'descr':'<f8','fortran_order':False,'shape':(1,)}",
    '{"shape": (1,), "fortran_order": False, "descr": "<f8"}',
    "{'shape': (1L,), 'fortran_order': False, 'descr': '<f8',}  \n",
    "\t{ 'descr' : '=f8' , 'fortran_order' : True , 'shape' : ( 1 , ) , }\n",
  ])("%j", (dict) => {
    expect(parseNpy(npy(dict)).toArray()).toEqual([0]);
  });

  test.each([
    ["", 10, "{"],
    ["{}", 12, "the keys descr, fortran_order and shape"],
    ["{'descr':'<f8','fortran_order':False}", 47, "the keys descr"],
    ["{'descr':'<f8','descr':'<f8','fortran_order':False,'shape':(1,)}", 25, "once"],
    ["{'descr':'<f8','fortran_order':False,'shape':(1,),'more':1}", 60, "once"],
    ["{'descr':'<f8','fortran_order':0,'shape':(1,)}", 41, "True or False"],
    ["{'descr':'<f8','fortran_order':False,'shape':[1]}", 55, "("],
    ["{'descr':'<f8','fortran_order':False,'shape':(1)}", 57, "a comma"],
    ["{'descr':'<f8','fortran_order':False,'shape':(-1,)}", 56, "a size"],
    ["{'descr':'<f8','fortran_order':False,'shape':(1.0,)}", 57, ", or )"],
    ["{'descr':'<f8','fortran_order':False,'shape':(1 1)}", 58, ", or )"],
    ["{'descr':'<f8','fortran_order':False,'shape':(1,,)}", 58, "a size"],
    ["{'descr':'<f8','fortran_order':False,'shape':(99999999999999999999,)}", 56, "2^53"],
    ["{'descr':'<f8','fortran_order':False,'shape':(9999999999,9999999999)}", 55, "2^53"],
    ["{'descr':'<f8','fortran_order':False,'shape':(0,9999999999,9999999999)}", 55, "2^53"],
    ["{'descr':'<f8','fortran_order':False,'shape':(1,)} x", 61, "nothing but spaces"],
    ["{'descr':'<f8' 'fortran_order':False,'shape':(1,)}", 25, ", or }"],
    ["{'descr':None,'fortran_order':False,'shape':(1,)}", 19, "a dtype in quotes"],
    ["{'descr':'<q9','fortran_order':False,'shape':(1,)}", 19, "unknown here"],
    ["{'descr':'constructor','fortran_order':False,'shape':(1,)}", 19, "unknown here"],
    ["{'descr':'','fortran_order':False,'shape':(1,)}", 19, "unknown here"],
    ["{'descr':('<f8',(2,)),'fortran_order':False,'shape':(1,)}", 19, "fields"],
  ])("%j is refused at its byte", (dict, offset, words) => {
    const error = refusal(() => parseNpy(npy(dict), { name: "x.npy" }));
    expect(error.message).toContain(words);
    expect(error.offset).toBe(offset);
  });

  test("numbers that are not there, or are left over", () => {
    const dict = "{'descr':'<f8','fortran_order':False,'shape':(1,)}";
    expect(refusal(() => parseNpy(npy(dict, 7))).offset).toBe(10 + dict.length + 7);
    expect(refusal(() => parseNpy(npy(dict, 9))).offset).toBe(10 + dict.length + 8);
    expect(
      refusal(() =>
        parseNpy(
          npy("{'descr':'|b1','fortran_order':False,'shape':(1,)}".replace("b1", "b1"), 1).with(60, 2),
        ),
      ).offset,
    ).toBe(60);
  });
});
