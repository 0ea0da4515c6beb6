/** What the components say, in the languages of the pages. */
export interface Texts {
  readonly edit: string;
  readonly run: string;
  readonly stop: string;
  readonly reset: string;
  readonly share: string;
  readonly shared: string;
  readonly fromAddress: string;
  readonly notShareable: string;
  readonly editor: string;
  readonly keys: string;
  readonly running: string;
  readonly stillRunning: string;
  readonly stopped: string;
  readonly done: string;
  readonly failed: string;
  readonly printed: string;
  readonly nothingPrinted: string;
  readonly tape: string;
  readonly certificate: string;
  readonly results: string;
  line(n: number): string;
  readonly loading: string;
  readonly noExample: string;
  // The certificate
  verdict(verdict: string): string;
  readonly input: string;
  readonly value: string;
  readonly gradient: string;
  order(n: number): string;
  digits(n: string): string;
  readonly notLooked: string;
  readonly limitedBy: string;
  readonly digitsCaption: string;
  seed(n: number): string;
  readonly held: string;
  mutants(killed: number, total: number): string;
  readonly survivors: string;
  readonly noSurvivors: string;
  readonly toNotice: string;
  equivalent(n: number): string;
  // The training demo
  readonly trainingTitle: string;
  readonly start: string;
  readonly pause: string;
  readonly resume: string;
  readonly again: string;
  readonly weightScale: string;
  readonly withNorm: string;
  readonly withoutNorm: string;
  readonly step: string;
  readonly loss: string;
  readonly accuracy: string;
  readonly diverged: string;
  readonly lossCurves: string;
  progress(step: number, steps: number): string;
}

const ENGLISH: Texts = {
  edit: "Edit and run",
  run: "Run",
  stop: "Stop",
  reset: "Reset",
  share: "Copy link",
  shared: "The address with this code is copied.",
  fromAddress: "This code came with the address. Read it first: it runs when you press Run.",
  notShareable: "This browser does not let pages copy; the address bar has the link now.",
  editor: "Code of the example",
  keys: "Ctrl-Enter runs it; Tab leaves the editor.",
  running: "Running …",
  stillRunning: "Still running. Stop ends it, whatever it is doing.",
  stopped: "Stopped.",
  done: "Done.",
  failed: "It did not come to its end.",
  printed: "Printed",
  nothingPrinted: "Nothing was printed.",
  tape: "Tape",
  certificate: "Certificate",
  results: "Results",
  line: (n) => `line ${n}`,
  loading: "Loading …",
  noExample: "There is no such example.",
  verdict: (verdict) => verdict,
  input: "Input",
  value: "value",
  gradient: "gradient",
  order: (n) => `order ${n}`,
  digits: (n) => `${n} digits`,
  notLooked: "not looked at",
  limitedBy: "limited by",
  digitsCaption: "Decimal digits in which independent ways to the same derivative agree, of 16",
  seed: (n) => `seed ${n}`,
  held: "Held fixed",
  mutants: (killed, total) => `${killed} of ${total} planted errors are noticed`,
  survivors: "Errors that pass unnoticed",
  noSurvivors: "None passes unnoticed.",
  toNotice: "To notice it:",
  equivalent: (n) => `${n} more change nothing, and do not count.`,
  trainingTitle: "Training with and without batch norm",
  start: "Train",
  pause: "Pause",
  resume: "Resume",
  again: "From the beginning",
  weightScale: "Scale of the initial weights",
  withNorm: "with batch norm",
  withoutNorm: "without",
  step: "step",
  loss: "loss",
  accuracy: "accuracy on held-out flowers",
  diverged: "diverged",
  lossCurves: "Loss, step by step",
  progress: (step, steps) => `Step ${step} of ${steps}`,
};

const CHINESE: Texts = {
  edit: "编辑并运行",
  run: "运行",
  stop: "停止",
  reset: "还原",
  share: "复制链接",
  shared: "带有这段代码的网址已复制。",
  fromAddress: "这段代码来自网址。请先阅读：按下“运行”后才会执行。",
  notShareable: "浏览器不允许复制；链接已在地址栏中。",
  editor: "示例代码",
  keys: "Ctrl-Enter 运行；Tab 离开编辑器。",
  running: "运行中……",
  stillRunning: "仍在运行。按“停止”即可结束。",
  stopped: "已停止。",
  done: "完成。",
  failed: "没有运行到结尾。",
  printed: "输出",
  nothingPrinted: "没有输出。",
  tape: "计算带",
  certificate: "验证结果",
  results: "结果",
  line: (n) => `第 ${n} 行`,
  loading: "加载中……",
  noExample: "没有这个示例。",
  verdict: (verdict) => VERDICTS[verdict] ?? verdict,
  input: "输入",
  value: "值",
  gradient: "梯度",
  order: (n) => `${n} 阶`,
  digits: (n) => `${n} 位`,
  notLooked: "未检查",
  limitedBy: "受限于",
  digitsCaption: "用互相独立的方法求同一导数，彼此一致的十进制位数（满分 16）",
  seed: (n) => `种子 ${n}`,
  held: "保持不变的输入",
  mutants: (killed, total) => `植入的 ${total} 个错误中发现了 ${killed} 个`,
  survivors: "未被发现的错误",
  noSurvivors: "没有错误漏网。",
  toNotice: "要发现它：",
  equivalent: (n) => `另有 ${n} 个不改变任何结果，不计入。`,
  trainingTitle: "有与没有批归一化的训练",
  start: "开始训练",
  pause: "暂停",
  resume: "继续",
  again: "重新开始",
  weightScale: "初始权重的尺度",
  withNorm: "有批归一化",
  withoutNorm: "没有",
  step: "步",
  loss: "损失",
  accuracy: "留出样本上的准确率",
  diverged: "发散",
  lossCurves: "每一步的损失",
  progress: (step, steps) => `第 ${step} 步，共 ${steps} 步`,
};

const VERDICTS: Readonly<Record<string, string>> = {
  agrees: "一致",
  disagrees: "不一致",
  vacuous: "没有检验到任何东西",
  "not differentiable here": "此处不可导",
  impure: "不是纯函数",
};

/** The texts of a page's language, by its tag. */
export function textsIn(language: string): Texts {
  return language.toLowerCase().startsWith("zh") ? CHINESE : ENGLISH;
}
