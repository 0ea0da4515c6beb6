/** What the explorer says, in the languages that the pages have. */
export interface Words {
  readonly nodes: string;
  readonly passesTab: string;
  readonly tapeTab: string;
  readonly views: string;
  readonly graph: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly fit: string;
  readonly collapse: string;
  readonly first: string;
  readonly back: string;
  readonly play: string;
  readonly pause: string;
  readonly next: string;
  readonly last: string;
  readonly walk: string;
  readonly inputs: string;
  forward(step: number, steps: number, what: string): string;
  seed(kind: string): string;
  backward(step: number, steps: number, from: string, to: string): string;
  readonly nothing: string;
  readonly value: string;
  readonly cotangent: string;
  readonly notYet: string;
  readonly noCotangent: string;
  readonly rule: string;
  readonly noRule: string;
  appliedAt(place: string): string;
  readonly code: string;
  readonly legend: string;
  group(count: number): string;
  coarse(shape: string): string;
  notFinite(count: number): string;
  range(min: string, mean: string, max: string): string;
  readonly scalar: string;
  readonly empty: string;
  readonly keys: string;
  readonly patches: string;
  patch(step: number, steps: number, pass: string, what: string): string;
  readonly before: string;
  readonly after: string;
  drops(label: string): string;
  becomes(label: string, text: string, rule: string | null): string;
  readonly returns: string;
  readonly passesLegend: string;
}

const ENGLISH: Words = {
  nodes: "Nodes of the tape",
  passesTab: "Gradient, simplified",
  tapeTab: "Tape",
  views: "What is shown",
  graph: "Graph",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  fit: "Fit the graph",
  collapse: "Close all groups",
  first: "To the beginning",
  back: "One step back",
  play: "Play",
  pause: "Pause",
  next: "One step on",
  last: "To the end",
  walk: "Position of the walk",
  inputs: "Before the first operation: the inputs.",
  forward: (step, steps, what) => `Forward, step ${step} of ${steps}: ${what}`,
  seed: (kind) =>
    kind === "one"
      ? "The walk back begins: the result’s cotangent is 1."
      : kind === "given"
        ? "The walk back begins with the cotangent that was given."
        : "The walk back begins with a cotangent drawn at random.",
  backward: (step, steps, from, to) =>
    `Back, step ${step} of ${steps}: ${from} passes its cotangent on to ${to}`,
  nothing: "nothing",
  value: "Value",
  cotangent: "Cotangent",
  notYet: "not yet",
  noCotangent: "none arrives",
  rule: "Passed back (local derivative times cotangent)",
  noRule: "It passes nothing back.",
  appliedAt: (place) => `Applied at ${place}`,
  code: "Code",
  legend:
    "In each box: the value on the left, the cotangent on the right. Blue is positive, orange negative.",
  group: (count) => `${count} operations; Enter opens them`,
  coarse: (shape) => `[${shape}] is large: each cell is the mean of a block.`,
  notFinite: (count) => `${count} not finite`,
  range: (min, mean, max) => `from ${min} to ${max}, mean ${mean}`,
  scalar: "scalar",
  empty: "empty",
  keys: "Arrow keys go from node to node: up to what it is computed from, down to what uses it.",
  patches: "Position among the patches",
  patch: (step, steps, pass, what) => `Patch ${step} of ${steps} (${pass}): ${what}`,
  before: "Before the passes.",
  after: "After the passes.",
  drops: (label) => `${label} goes`,
  becomes: (label, text, rule) => `${label} becomes ${text}${rule === null ? "" : ` (${rule})`}`,
  returns: "the result is another node",
  passesLegend:
    "The program that computes the gradient, and what each pass changes in it. What is struck through has gone.",
};

const CHINESE: Words = {
  nodes: "计算带上的节点",
  passesTab: "梯度的化简",
  tapeTab: "计算带",
  views: "显示内容",
  graph: "计算图",
  zoomIn: "放大",
  zoomOut: "缩小",
  fit: "适应窗口",
  collapse: "折叠所有分组",
  first: "回到开头",
  back: "后退一步",
  play: "播放",
  pause: "暂停",
  next: "前进一步",
  last: "跳到结尾",
  walk: "遍历位置",
  inputs: "第一个运算之前：只有输入。",
  forward: (step, steps, what) => `前向第 ${step} 步（共 ${steps} 步）：${what}`,
  seed: (kind) =>
    kind === "one"
      ? "反向遍历开始：结果的余切为 1。"
      : kind === "given"
        ? "反向遍历从给定的余切开始。"
        : "反向遍历从随机抽取的余切开始。",
  backward: (step, steps, from, to) => `反向第 ${step} 步（共 ${steps} 步）：${from} 把余切传给 ${to}`,
  nothing: "无",
  value: "值",
  cotangent: "余切（梯度）",
  notYet: "尚未到达",
  noCotangent: "没有余切到达",
  rule: "回传（局部导数乘以余切）",
  noRule: "它不回传任何东西。",
  appliedAt: (place) => `所在代码：${place}`,
  code: "代码",
  legend: "每个方框：左边是值，右边是余切。蓝色为正，橙色为负。",
  group: (count) => `${count} 个运算；按回车展开`,
  coarse: (shape) => `[${shape}] 较大：每格是一块的平均值。`,
  notFinite: (count) => `${count} 个非有限数`,
  range: (min, mean, max) => `从 ${min} 到 ${max}，平均 ${mean}`,
  scalar: "标量",
  empty: "空",
  keys: "方向键在节点间移动：上到它的来源，下到使用它的节点。",
  patches: "补丁位置",
  patch: (step, steps, pass, what) => `第 ${step} 个补丁（共 ${steps} 个，${pass}）：${what}`,
  before: "化简之前。",
  after: "化简之后。",
  drops: (label) => `去掉 ${label}`,
  becomes: (label, text, rule) => `${label} 变为 ${text}${rule === null ? "" : `（${rule}）`}`,
  returns: "结果换成另一个节点",
  passesLegend: "计算梯度的程序，以及每一步化简对它的改动。划掉的节点已被删除。",
};

/** The words of a language, by its tag; English where there are none. */
export function wordsIn(language: string): Words {
  return language.toLowerCase().startsWith("zh") ? CHINESE : ENGLISH;
}
