/** Checkpoints on disk: every state in which a process can leave the folder, and every kind of damage. */
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { batchNormInference, numpyRandom, type Tensor, tensor } from "../../src/index.ts";
import { readSafetensors, readTree, writeSafetensors, writeTree } from "../../src/io/index.ts";
import { CheckpointError, type Checkpoints, type Snapshot, train, training } from "../../src/train/index.ts";
import { checkpointFolder, trainInFolder } from "../../src/train/node/index.ts";
import { caseOf, stored } from "../support/fixtures.ts";
import { bitsOf } from "./fixture/bits.ts";
import { momentumSgd, network, type Params, points, type State } from "./fixture/network.ts";

// A machine that is busy takes its time.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let root = "";
let made = 0;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "wengert-checkpoints-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const fresh = (): string => join(root, String(made++));

/** 10 steps an epoch, 40 in all. */
function begun(): Parameters<
  typeof train<Params, State, ReturnType<ReturnType<typeof momentumSgd>["init"]>>
> {
  const random = numpyRandom(231);
  const data = points(random, 100);
  return [
    network(random, { hidden: 4 }),
    data,
    { optimizer: momentumSgd(0.05), random, batchSize: 10, epochs: 4 },
  ];
}

/** Snapshots after so many steps. */
function snapshots(...steps: readonly number[]): Snapshot[] {
  const run = training(...begun());
  return steps.map((n) => {
    while (run.iteration < n) run.step();
    return run.snapshot();
  });
}

/** A folder after these saves. */
async function saved(...steps: readonly number[]): Promise<string> {
  const folder = fresh();
  const store = checkpointFolder(folder);
  for (const snapshot of snapshots(...steps)) await store.save(snapshot);
  return folder;
}

const files = (folder: string): string[] => readdirSync(folder).sort();
const jsonOf = (n: number): string => `checkpoint-${n}.json`;
function arraysOf(folder: string, n: number): string {
  const found = files(folder).filter((file) => file.startsWith(`checkpoint-${n}-`));
  expect(found).toHaveLength(1);
  return found[0]!;
}

/** A store, and what it warned of. */
function watched(folder: string): Checkpoints & { readonly warned: string[] } {
  const warned: string[] = [];
  return { ...checkpointFolder(folder, { warn: (line) => void warned.push(line) }), warned };
}

async function refusal(folder: string): Promise<CheckpointError> {
  const error: unknown = await checkpointFolder(folder)
    .load()
    .catch((e: unknown) => e);
  expect(error).toBeInstanceOf(CheckpointError);
  return error as CheckpointError;
}

/** What training comes to from what is in there. */
async function ending(folder: string): Promise<string> {
  const [model, data, options] = begun();
  return bitsOf(await train(model, data, { ...options, checkpoints: watched(folder) }));
}

test("a snapshot comes back to the last bit, and the last two are kept", async () => {
  const [first, second, third] = snapshots(10, 20, 25);
  const folder = fresh();
  const store = checkpointFolder(folder);
  expect(await store.load()).toBeNull();
  for (const snapshot of [first!, second!, third!]) {
    await store.save(snapshot);
    expect(bitsOf((await checkpointFolder(folder).load())!)).toBe(bitsOf(snapshot));
  }
  expect(files(folder)).toEqual([arraysOf(folder, 20), jsonOf(20), arraysOf(folder, 25), jsonOf(25)].sort());
});

test("the files are what they say: JSON with the histories, safetensors with the tensors", async () => {
  const folder = await saved(13);
  const [snapshot] = snapshots(13);
  const { checkpoint } = JSON.parse(readFileSync(join(folder, jsonOf(13)), "utf8")) as {
    checkpoint: { version: number; arrays: object; snapshot: Snapshot };
  };
  expect(checkpoint).toMatchObject({ format: "wengert/checkpoint", version: 1 });
  expect(checkpoint.snapshot.lossHistory).toEqual(snapshot!.lossHistory);
  expect(checkpoint.snapshot.valAccuracyHistory).toHaveLength(2);
  const bytes = readFileSync(join(folder, arraysOf(folder, 13)));
  expect(checkpoint.arrays).toEqual({
    file: arraysOf(folder, 13),
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  });
  const { tensors } = readSafetensors(bytes);
  expect(Object.keys(tensors)).toEqual(
    expect.arrayContaining([
      "params.W1",
      "params.last.0",
      "state.variance",
      "best.params.W1",
      "optimizer.velocity.gamma",
    ]),
  );
  expect(tensors["params.W1"]!.data).toEqual((snapshot!.params as Params).W1.data);
});

test("the same save gives the same files", async () => {
  const [a, b] = [await saved(20), await saved(20)];
  expect(files(a)).toEqual(files(b));
  for (const file of files(a)) expect(readFileSync(join(a, file))).toEqual(readFileSync(join(b, file)));
});

describe("a process that is killed while it saves", () => {
  let before = "";
  let after = "";
  let whole = "";
  let newArrays = "";
  beforeAll(async () => {
    before = await saved(10, 20);
    after = await saved(10, 20, 30);
    newArrays = arraysOf(after, 30);
    whole = await ending(fresh());
  });

  const put = (folder: string, file: string, from: string, share = 1): void => {
    const bytes = readFileSync(join(after, from));
    writeFileSync(join(folder, file), bytes.subarray(0, Math.floor(share * bytes.length)));
  };
  /** What has happened to the folder, in the order in which it happens. */
  const happenings: readonly [string, (folder: string) => void][] = [
    ["an empty file for the arrays", (folder) => put(folder, `${newArrays}.77.tmp`, newArrays, 0)],
    ["half the arrays", (folder) => put(folder, `${newArrays}.77.tmp`, newArrays, 0.5)],
    ["the arrays, unnamed", (folder) => put(folder, `${newArrays}.77.tmp`, newArrays)],
    [
      "the arrays",
      (folder) => {
        put(folder, newArrays, newArrays);
        rmSync(join(folder, `${newArrays}.77.tmp`));
      },
    ],
    ["half the JSON", (folder) => put(folder, `${jsonOf(30)}.77.tmp`, jsonOf(30), 0.5)],
    ["the JSON, unnamed", (folder) => put(folder, `${jsonOf(30)}.77.tmp`, jsonOf(30))],
    [
      "the JSON",
      (folder) => {
        put(folder, jsonOf(30), jsonOf(30));
        rmSync(join(folder, `${jsonOf(30)}.77.tmp`));
      },
    ],
    ["the oldest JSON gone", (folder) => rmSync(join(folder, jsonOf(10)))],
    ["the oldest arrays gone", (folder) => rmSync(join(folder, arraysOf(folder, 10)))],
  ];

  test.each(happenings.map(([name], k) => [name, k] as const))("%s", async (_, k) => {
    const folder = fresh();
    cpSync(before, folder, { recursive: true });
    for (const [, happen] of happenings.slice(0, k + 1)) happen(folder);
    const store = watched(folder);
    expect((await store.load())?.iteration).toBe(k < 6 ? 20 : 30);
    expect(store.warned).toEqual([]);
    expect(await ending(folder)).toBe(whole);
    expect(files(folder)).toEqual(
      [arraysOf(folder, 30), jsonOf(30), arraysOf(folder, 40), jsonOf(40)].sort(),
    );
  });

  test("the end of these is what a save leaves", () => {
    const folder = fresh();
    cpSync(before, folder, { recursive: true });
    for (const [, happen] of happenings) happen(folder);
    expect(files(folder)).toEqual(files(after));
  });

  test("before there was any", async () => {
    const folder = fresh();
    mkdirSync(folder);
    put(folder, newArrays, newArrays);
    put(folder, `${jsonOf(30)}.77.tmp`, jsonOf(30));
    expect(await checkpointFolder(folder).load()).toBeNull();
    expect(await ending(folder)).toBe(whole);
    expect(files(folder)).toHaveLength(4);
  });

  test("other files in the folder are left alone", async () => {
    const folder = fresh();
    cpSync(before, folder, { recursive: true });
    const others = [
      "notes.txt",
      "checkpoint-final.json",
      "checkpoint-1.json.bak",
      "model.safetensors",
      "x.tmp",
    ];
    for (const name of others) writeFileSync(join(folder, name), "mine");
    await ending(folder);
    expect(files(folder)).toEqual(expect.arrayContaining(others));
    expect(files(folder)).toHaveLength(4 + others.length);
  });
});

describe("damage is found, and the checkpoint before it is used", () => {
  let intact = "";
  let whole = "";
  beforeAll(async () => {
    intact = await saved(20, 30);
    whole = await ending(fresh());
  });

  const changed = (text: string, from: string | RegExp, to: string): string => {
    const result = text.replace(from, to);
    expect(result).not.toBe(text);
    return result;
  };
  const json = (change: (text: string) => string) => (folder: string) => {
    const path = join(folder, jsonOf(30));
    writeFileSync(path, change(readFileSync(path, "utf8")));
  };
  const arrays = (change: (bytes: Buffer) => Uint8Array) => (folder: string) => {
    const path = join(folder, arraysOf(folder, 30));
    writeFileSync(path, change(readFileSync(path)));
  };
  const flipped = (bytes: Buffer, at: number): Buffer => {
    bytes[at]! ^= 0x10;
    return bytes;
  };

  test.each<[string, (folder: string) => void, RegExp, number | null]>([
    ["an empty JSON", json(() => ""), /30\.json: a first line .*, got an empty file at byte 0/, 0],
    [
      "half a JSON",
      json((text) => text.slice(0, 700)),
      /30\.json: a last line }, got none: it is cut off at byte 700/,
      700,
    ],
    ["another JSON", json(() => "{}"), /30\.json: a first line .*, got another at byte 0/, 0],
    [
      "a digit of the history",
      json((text) => changed(text, /(?<="lossHistory":\[\d\.)\d/, "x")),
      /30\.json: contents of sha256 \w{64}, got \w{64}: some of them have changed/,
      null,
    ],
    [
      "a digit of the checksum",
      json((text) => changed(text, /(?<="sha256":")./, text.includes('"sha256":"0') ? "1" : "0")),
      /30\.json: contents of sha256/,
      null,
    ],
    ["text after the end", json((text) => `${text} `), /a last line }, got none/, null],
    [
      "no text",
      (folder) => writeFileSync(join(folder, jsonOf(30)), Uint8Array.of(0xff, 0xfe)),
      /30\.json: text in UTF-8, got bytes that are not/,
      null,
    ],
    [
      "no arrays",
      (folder) => rmSync(join(folder, arraysOf(folder, 30))),
      /30-\w+\.safetensors: the file of its arrays, got no such file/,
      null,
    ],
    [
      "empty arrays",
      arrays(() => new Uint8Array(0)),
      /safetensors: \d+ bytes, got 0: it is cut off at byte 0/,
      0,
    ],
    [
      "half the arrays",
      arrays((bytes) => bytes.subarray(0, 1000)),
      /safetensors: \d+ bytes, got 1000: it is cut off at byte 1000/,
      1000,
    ],
    [
      "arrays with more",
      arrays((bytes) => Buffer.concat([bytes, Buffer.alloc(1)])),
      /: there is more at byte \d+/,
      null,
    ],
    [
      "a flipped bit of a number",
      arrays((bytes) => flipped(bytes, bytes.length - 9)),
      /safetensors: contents of sha256 \w{64}, got \w{64}/,
      null,
    ],
    [
      "a flipped bit of the header's length",
      arrays((bytes) => flipped(bytes, 5)),
      /safetensors: a header of at most \d+ bytes, got .* at byte 0/,
      0,
    ],
    [
      "a flipped bit of the header's start",
      arrays((bytes) => flipped(bytes, 8)),
      /safetensors: a header that starts with "\{", got 0x6b at byte 8/,
      8,
    ],
    [
      "the arrays of another",
      (folder) => cpSync(join(folder, arraysOf(folder, 20)), join(folder, arraysOf(folder, 30))),
      /safetensors: (contents of sha256|\d+ bytes, got)/,
      null,
    ],
  ])("%s", async (_, harm, message, offset) => {
    const folder = fresh();
    cpSync(intact, folder, { recursive: true });
    harm(folder);
    const store = watched(folder);
    const loaded = await store.load();
    expect(loaded?.iteration).toBe(20);
    expect(store.warned).toHaveLength(1);
    expect(store.warned[0]).toMatch(message);
    expect(store.warned[0]).toMatch(/; going on from step 20, saved before it$/);
    expect(await ending(folder)).toBe(whole);

    const alone = fresh();
    cpSync(intact, alone, { recursive: true });
    for (const name of [jsonOf(20), arraysOf(alone, 20)]) rmSync(join(alone, name));
    if (!String(_).includes("of another")) {
      harm(alone);
      const error = await refusal(alone);
      expect(error.message).toMatch(message);
      expect(error.isDamaged).toBe(true);
      expect(error.file?.startsWith(join(alone, "checkpoint-30"))).toBe(true);
      if (offset !== null) expect(error.offset).toBe(offset);
      const [model, data, options] = begun();
      await expect(train(model, data, { ...options, checkpoints: checkpointFolder(alone) })).rejects.toThrow(
        message,
      );
    }
  });

  test("whichever byte is flipped", async () => {
    const folder = fresh();
    cpSync(intact, folder, { recursive: true });
    for (const name of [jsonOf(30), arraysOf(folder, 30)]) {
      const path = join(folder, name);
      const good = readFileSync(path);
      for (let at = 0; at < good.length; at += 37) {
        writeFileSync(path, flipped(Buffer.from(good), at));
        const store = watched(folder);
        expect((await store.load())?.iteration).toBe(20);
        expect(store.warned).toHaveLength(1);
      }
      writeFileSync(path, good);
    }
    expect((await checkpointFolder(folder).load())?.iteration).toBe(30);
  });

  test("all of them: what is wrong with each is said", async () => {
    const folder = fresh();
    cpSync(intact, folder, { recursive: true });
    writeFileSync(join(folder, jsonOf(30)), "");
    rmSync(join(folder, arraysOf(folder, 20)));
    const error = await refusal(folder);
    expect(error.message).toMatch(
      /one that is whole, got none of 2: .*30\.json: .*an empty file.*; .*20-\w+\.safetensors: .*no such file/,
    );
    expect(existsSync(join(folder, jsonOf(20)))).toBe(true);
  });

  test("the damaged one is out of the way after the next save", async () => {
    const folder = fresh();
    cpSync(intact, folder, { recursive: true });
    writeFileSync(join(folder, jsonOf(30)), "");
    const store = watched(folder);
    await store.load();
    await store.save(snapshots(25)[0]!);
    expect(files(folder)).toEqual(
      [arraysOf(folder, 20), jsonOf(20), arraysOf(folder, 25), jsonOf(25)].sort(),
    );
  });

  /** The newest, with this in it, and a checksum that is right. */
  const forged = (change: (checkpoint: Record<string, unknown>) => object) => {
    const folder = fresh();
    cpSync(intact, folder, { recursive: true });
    const path = join(folder, jsonOf(30));
    const { checkpoint } = JSON.parse(readFileSync(path, "utf8")) as { checkpoint: Record<string, unknown> };
    const body = JSON.stringify({ ...checkpoint, ...change(checkpoint) });
    const sum = createHash("sha256").update(body).digest("hex");
    writeFileSync(path, `{"sha256":"${sum}","checkpoint":\n${body}\n}\n`);
    return folder;
  };

  test.each<[string, (checkpoint: Record<string, unknown>) => object, RegExp]>([
    [
      "of a later version",
      () => ({ version: 2 }),
      /version 1, got 2; read it with the version of wengert that wrote it/,
    ],
    ["of another format", () => ({ format: "other" }), /format wengert\/checkpoint, got "other"/],
    [
      "with arrays elsewhere",
      ({ arrays: a }) => ({ arrays: { ...(a as object), file: "../x.safetensors" } }),
      /arrays and a snapshot, got something else/,
    ],
    ["without a snapshot", () => ({ snapshot: undefined }), /arrays and a snapshot/],
    [
      "with half a snapshot",
      () => ({ snapshot: { iteration: 30 } }),
      /lossHistory to be an array of numbers/,
    ],
  ])(
    "one that is whole, but %s, is refused: the one before it is not what was asked for",
    async (_, change, message) => {
      const error = await refusal(forged(change));
      expect(error.message).toMatch(message);
      expect(error.isDamaged).toBe(false);
    },
  );
});

test("another model's checkpoint is refused, and stays", async () => {
  const folder = await saved(20);
  const [, data, options] = begun();
  const listed = files(folder);
  const model = network(options.random as ReturnType<typeof numpyRandom>, { hidden: 5 });
  await expect(train(model, data, { ...options, checkpoints: checkpointFolder(folder) })).rejects.toThrow(
    new RegExp(
      `^checkpoint ${folder}: the run that was saved, got another: params.W1: float64\\[3,4\\] for float64\\[3,5\\]`,
    ),
  );
  expect(files(folder)).toEqual(listed);
});

test("a folder that cannot be is known before the first step", async () => {
  const file = fresh();
  writeFileSync(file, "");
  const [model, data, options] = begun();
  const onStep = (): never => expect.fail("a step was taken");
  for (const folder of [file, join(file, "below")]) {
    await expect(
      train(model, data, { ...options, onStep, checkpoints: checkpointFolder(folder) }),
    ).rejects.toThrow(/ENOTDIR|EEXIST/);
  }
  expect(() => checkpointFolder("")).toThrow("checkpointFolder: the name of a folder");
  expect(() => checkpointFolder("a", { warn: 1 as never })).toThrow("warn to be a function");
  const odd: Snapshot = { ...snapshots(1)[0]!, state: { cache: new Map() } };
  await expect(checkpointFolder(fresh()).save(odd)).rejects.toThrow(
    "state.cache to be a tensor or plain data",
  );
});

describe("trainInFolder", () => {
  const listeners = (): number[] => ["SIGINT", "SIGTERM"].map((name) => process.listenerCount(name));

  test("trains, goes on, and is done; its signal handlers are gone afterwards", async () => {
    const folder = fresh();
    const said: string[] = [];
    const say = (line: string): void => void said.push(line);
    const counts = listeners();
    const controller = new AbortController();
    const [model, data, options] = begun();
    const stopped = await trainInFolder(folder, model, data, {
      ...options,
      say,
      signal: controller.signal,
      onStep({ iteration }) {
        expect(listeners()).toEqual(counts.map((n) => n + 1));
        if (iteration === 17) controller.abort();
      },
    });
    expect(stopped.ended).toBe("stopped");
    expect(listeners()).toEqual(counts);
    const again = await trainInFolder(folder, ...begunWith({ say }));
    const done = await trainInFolder(folder, ...begunWith({ say }));
    expect(said).toEqual([
      `stopped after step 17; saved in ${folder}: run it again to go on`,
      `${folder}: going on after step 17`,
      `${folder}: going on after step 40`,
    ]);
    expect(bitsOf(again)).toBe(bitsOf(await train(...begun())));
    expect(bitsOf(done)).toBe(bitsOf(again));
  });

  type Begun = ReturnType<typeof begun>;
  function begunWith<T extends object>(more: T): [Begun[0], Begun[1], Begun[2] & T] {
    const [model, data, options] = begun();
    return [model, data, { ...options, ...more }];
  }

  test("handlers are gone after an error too; bad options are refused", async () => {
    const counts = listeners();
    const boom = (): never => {
      throw new Error("boom");
    };
    await expect(trainInFolder(fresh(), ...begunWith({ onStep: boom }))).rejects.toThrow("boom");
    await expect(trainInFolder("", ...begun())).rejects.toThrow("trainInFolder: the name of a folder");
    for (const [more, message] of [
      [{ bar: "yes" }, "bar to be true or false"],
      [{ say: 1 }, "say to be a function"],
      [{ signal: 1 }, "signal to be an AbortSignal"],
      [{ onStep: 1 }, "onStep to be a function"],
      [{ checkpoints: 1 }, 'an option "checkpoints"'],
    ] as const) {
      await expect(trainInFolder(fresh(), ...begunWith(more as object))).rejects.toThrow(message);
    }
    expect(listeners()).toEqual(counts);
  });
});

describe("what others lost when they saved a network", () => {
  test("BR-231: the statistics", () => {
    const { input, expected } = caseOf("serialization", "BR-231");
    const model = {
      params: { gamma: stored(input["gamma"]), beta: stored(input["beta"]) },
      state: { mean: stored(expected["running_mean"]), variance: stored(expected["running_var"]) },
    };
    const like = {
      params: { gamma: tensor([0]), beta: tensor([0]) },
      state: { mean: tensor([0]), variance: tensor([0]) },
    };
    const { params, state } = readTree(writeTree(model), like);
    const eps = input["eps"] as number;
    const y = batchNormInference(stored(input["q"]), state, params.gamma, params.beta, { eps });
    expect(y.toArray()).toEqual(expected["value"]);
  });

  test("BR-232: a network that was saved while it trained predicts a single row as before", async () => {
    const [model, data, options] = begun();
    const run = training(model, data, options);
    for (let t = 0; t < 7; t++) run.step();
    const row = tensor([[1, 2, 3]]);
    const folder = await saved(7);
    const { params, state } = (await checkpointFolder(folder).load())!;
    const read = { params: params as Params, state: state as State };
    expect(bitsOf(model.loss(read, row))).toBe(bitsOf(model.loss(run.at, row)));
  });

  test("BR-235: the last bit", async () => {
    const { input } = caseOf("serialization", "BR-235");
    const x = tensor(input["values"] as number[], { dtype: "float32" });
    const snapshot: Snapshot = { ...snapshots(1)[0]!, params: { x } };
    const folder = fresh();
    await checkpointFolder(folder).save(snapshot);
    const { x: read } = (await checkpointFolder(folder).load())!.params as { x: Tensor };
    expect(writeSafetensors({ read })).toEqual(writeSafetensors({ read: x }));
  });
});
